SELECT
  COALESCE(SUM(IF("t1"."outcome" <> 'open', 1, 0)), 0) AS "decided",
  COALESCE(
    SUM(IF((
      "t1"."outcome" <> 'open'
    ) AND COALESCE("t1"."amount" > 0, FALSE), 1, 0)),
    0
  ) AS "priced"
FROM (
  SELECT
    "t0"."id",
    "t0"."account",
    "t0"."owner",
    "t0"."segment",
    IF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
      "t0"."outcome",
      'open'
    ) AS "outcome",
    "t0"."created",
    IF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
      "t0"."closed",
      CAST(NULL AS DATE)
    ) AS "closed",
    "t0"."first_due",
    "t0"."amount",
    "t0"."list_amount",
    "t0"."line"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."created" <= FROM_ISO8601_DATE('2024-12-31')
) AS "t1"
