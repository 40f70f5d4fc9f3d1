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

-- a year of two digits: as POSIX has it, 69 to 99 are of the last century
CREATE TEMP MACRO whole_year(x) AS CASE
  WHEN regexp_matches(x, '^\d{1,2}[./]\d{1,2}[./]\d{2}(\D|$)') THEN regexp_replace(x,
    '^(\d{1,2}[./]\d{1,2}[./])(\d{2})',
    '\1' || CASE WHEN regexp_extract(x, '^\d{1,2}[./]\d{1,2}[./](\d{2})', 1) < '69' THEN '20' ELSE '19' END || '\2')
  ELSE x END;

CREATE TEMP MACRO slashed(x) AS
  regexp_replace(whole_year(x), '^(\d{1,2})[./-](\d{1,2})[./-](\d{4})', '\1/\2/\3');

-- the number of a month named in English or French, whole or cut: sept., août, Feb
CREATE TEMP MACRO month_number(x) AS CASE
  WHEN x LIKE 'jan%' THEN '01' WHEN x LIKE 'feb%' OR x LIKE 'fev%' THEN '02' WHEN x LIKE 'mar%' THEN '03'
  WHEN x LIKE 'apr%' OR x LIKE 'avr%' THEN '04' WHEN x LIKE 'may%' OR x LIKE 'mai%' THEN '05'
  WHEN x LIKE 'jun%' OR x LIKE 'juin%' THEN '06' WHEN x LIKE 'jul%' OR x LIKE 'juil%' THEN '07'
  WHEN x LIKE 'aug%' OR x LIKE 'aou%' THEN '08' WHEN x LIKE 'sep%' THEN '09' WHEN x LIKE 'oct%' THEN '10'
  WHEN x LIKE 'nov%' THEN '11' WHEN x LIKE 'dec%' THEN '12' END;

CREATE TEMP MACRO with_month(p) AS try_strptime(trim(p['year'] || '-' || month_number(p['month']) || '-'
  || lpad(p['day'], 2, '0') || ' ' || upper(ltrim(p['rest'], ' ,t'))),
  ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p']);

-- 1er sept. 2026, mar. 1 septembre 2026, Sep 1, 2026, perhaps with a time
CREATE TEMP MACRO named_instant(x) AS coalesce(
  with_month(regexp_extract(x,
    '^(?:[a-z]+\.?,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})((?:\D.*)?)$',
    ['day', 'month', 'year', 'rest'])),
  with_month(regexp_extract(x,
    '^(?:[a-z]+\.?,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})((?:\D.*)?)$',
    ['month', 'day', 'year', 'rest'])));

CREATE TEMP MACRO other_instant(x, formats, zone) AS CASE
  WHEN has_offset(x) THEN TRY_CAST(offset_last(x) AS TIMESTAMPTZ) AT TIME ZONE zone
  WHEN regexp_full_match(x, '\d{8}') THEN try_strptime(x, '%Y%m%d')
  WHEN regexp_matches(x, '^\d{4}[-/.]') THEN TRY_CAST(x AS TIMESTAMP)
  WHEN regexp_matches(x, '^\d{1,2}[./-]\d') THEN try_strptime(slashed(x), formats)
  WHEN regexp_matches(x, '\pL{3}')
  THEN named_instant(regexp_replace(lower(strip_accents(x)), '[\s\x{00A0}\x{202F}]+', ' ', 'g'))
END;

CREATE TEMP MACRO within_reach(t) AS
  CASE WHEN t >= TIMESTAMP '1900-01-01' AND t < TIMESTAMP '2200-01-01' THEN t END;

CREATE TEMP MACRO yes_or_no(x) AS CASE
  WHEN list_contains(['1', 'true', 't', 'yes', 'y', 'oui', 'o', 'vrai', '1.0'], lower(bare(x))) THEN true
  WHEN list_contains(['0', 'false', 'f', 'no', 'n', 'non', 'faux', '0.0'], lower(bare(x))) THEN false
END;

-- the first text of a row that sums other rows
CREATE TEMP MACRO is_total(x) AS coalesce(regexp_matches(x, '(?i)^\W*(grand |sub|sous-)?(totals?|totaux|somme|sum)\b'), false);

-- 13085.0 is the number 13085 that passed through a tool without whole numbers
CREATE TEMP MACRO text_of_number(x) AS CASE
  WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
  ELSE CAST(x AS VARCHAR)
END;
