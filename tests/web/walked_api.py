"""Walks the whole API with what nobody would think of giving, in an office of its own without a worker.

`python walked_api.py FOLDER EXAMPLES` makes an office and prints as JSON how many calls were made, and each
call that broke.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import office

from cmo.web.start import gathered


def walk(examples: int) -> dict[str, Any]:
    """Call every operation with generated and with broken input; what was answered, and what broke."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, Phase, given, seed, settings

    application = get_wsgi_application()
    headers = {"Authorization": "Bearer cmo_owner", "Host": "localhost"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    answered: Counter[int] = Counter()
    broken: list[str] = []
    calm = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for found in schema.get_all_operations():
        operation = found.ok()
        ways = (
            operation.as_strategy(),
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )
        for way in ways:

            @seed(7)
            @calm
            @given(case=way)
            def called(case: Any) -> None:
                response = case.call(headers=headers)
                answered[response.status_code] += 1
                if response.status_code >= 500:
                    broken.append(f"{response.status_code} {case.as_curl_command()[:300]}")
                kind = response.headers.get("content-type", [""])
                # A path with dots in it may lead out of the API: what is missing there is told as a page.
                if (
                    response.status_code >= 400
                    and "problem+json" not in str(kind)
                    and response.status_code != 404
                ):
                    broken.append(f"{response.status_code} {kind} {case.as_curl_command()[:300]}")

            try:
                called()
            except Exception as error:  # noqa: BLE001 - told to whoever started this script
                broken.append(f"{operation.label}: {type(error).__name__} {str(error)[:300]}")
    return {"answered": dict(answered), "broken": broken}


if __name__ == "__main__":
    office.main(Path(sys.argv[1]))
    gathered()
    print(json.dumps(walk(int(sys.argv[2]))))
