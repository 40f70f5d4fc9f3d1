"""The office for programs: `/api/v1`, generated from the questions and the acts there are."""
