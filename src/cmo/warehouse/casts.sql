-- Text read as numbers, days, instants and flags: NULL for what is none.

-- white space of all kinds at both ends
CREATE TEMP MACRO bare(x) AS
  regexp_replace(x, '^[\s\x{00A0}\x{202F}\x{FEFF}]+|[\s\x{00A0}\x{202F}]+$', '', 'g');

-- nothing was reported: never read as 0 (a list, since a long IN becomes a join that reads every row)
CREATE TEMP MACRO is_blank(x) AS CASE WHEN x IS NULL THEN true ELSE list_contains(
  ['', '--', '-', '—', 'n/a', 'na', '#n/a', 'null', 'none', 'nan', 'nil', '(not set)'], lower(bare(x))) END;

-- (12) and 12- are minus 12
CREATE TEMP MACRO signed(x) AS
  regexp_replace(regexp_replace(replace(x, '−', '-'), '^\((.*)\)$', '-\1'), '^([^-]+)-$', '-\1');

CREATE TEMP MACRO amount(x) AS signed(bare(regexp_replace(bare(x),
  '^([+-]?)\s*(?i)(EUR|USD|GBP|CHF|CAD|[€$£¥])|(?i)(EUR|USD|GBP|CHF|CAD|[€$£¥])$', '\1')));

CREATE TEMP MACRO ungrouped(x) AS regexp_replace(x, '[\s\x{00A0}\x{202F}\x{2009}''’]', '', 'g');

CREATE TEMP MACRO with_decimal_point(x) AS CASE WHEN regexp_full_match(x,
  '[+-]?(\d+|\d{1,3}([,\s\x{00A0}\x{202F}\x{2009}''’]\d{3})+|\d*)(\.\d*)?([eE][+-]?\d{1,3})?')
  THEN TRY_CAST(replace(ungrouped(x), ',', '') AS DOUBLE) END;

CREATE TEMP MACRO with_decimal_comma(x) AS CASE WHEN regexp_full_match(x,
  '[+-]?(\d+|\d{1,3}([.\s\x{00A0}\x{202F}\x{2009}''’]\d{3})+|\d*)(,\d*)?([eE][+-]?\d{1,3})?')
  THEN TRY_CAST(replace(replace(ungrouped(x), '.', ''), ',', '.') AS DOUBLE) END;

-- 2026-01-31 or 2026-01-31 09:00:00, the common ways, told apart cheaply from what ends with an offset
CREATE TEMP MACRO common_instant(x) AS
  CASE WHEN strlen(x) = 10 OR (strlen(x) = 19 AND x[17] = ':') THEN TRY_CAST(x AS TIMESTAMP) END;

-- what is empty, begins with a space or is -- comes before '--' in the order of texts: one comparison for three
CREATE TEMP MACRO text_of(x) AS CASE
  WHEN x <= '--' OR ends_with(x, ' ') THEN NULLIF(NULLIF(trim(x), ''), '--') ELSE x END;

CREATE TEMP MACRO has_offset(x) AS
  length(x) > 12 AND regexp_matches(x, '(?i)(z|utc|gmt|[+-]\d{2}:?(\d{2})?)$');

CREATE TEMP MACRO offset_last(x) AS regexp_replace(
  regexp_replace(x, '(?i)\s*(utc|gmt|z)$', '+00:00'), '\s*([+-]\d{2}):?(\d{2})$', '\1:\2');

CREATE TEMP MACRO slashed(x) AS
  regexp_replace(x, '^(\d{1,2})[./-](\d{1,2})[./-](\d{4})', '\1/\2/\3');

CREATE TEMP MACRO other_instant(x, formats, zone) AS CASE
  WHEN has_offset(x) THEN TRY_CAST(offset_last(x) AS TIMESTAMPTZ) AT TIME ZONE zone
  WHEN regexp_full_match(x, '\d{8}') THEN try_strptime(x, '%Y%m%d')
  WHEN regexp_matches(x, '^\d{4}[-/.]') THEN TRY_CAST(x AS TIMESTAMP)
  WHEN regexp_matches(x, '^\d{1,2}[./-]') THEN try_strptime(slashed(x), formats)
END;

CREATE TEMP MACRO within_reach(t) AS
  CASE WHEN t >= TIMESTAMP '1900-01-01' AND t < TIMESTAMP '2200-01-01' THEN t END;

CREATE TEMP MACRO yes_or_no(x) AS CASE
  WHEN list_contains(['1', 'true', 't', 'yes', 'y', 'oui', 'o', 'vrai', '1.0'], lower(bare(x))) THEN true
  WHEN list_contains(['0', 'false', 'f', 'no', 'n', 'non', 'faux', '0.0'], lower(bare(x))) THEN false
END;

-- 13085.0 is the number 13085 that passed through a tool without whole numbers
CREATE TEMP MACRO text_of_number(x) AS CASE
  WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
  ELSE CAST(x AS VARCHAR)
END;
