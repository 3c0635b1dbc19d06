SELECT
  "t1"."place",
  "t1"."quarters",
  COUNT(*) AS "opportunities"
FROM (
  SELECT
    CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
    GREATEST(
      (
        (
          DATE_PART(
            year,
            IFF(
              (
                "t0"."outcome" <> 'open'
              )
              AND COALESCE("t0"."closed" <= DATE_FROM_PARTS(2024, 12, 31), FALSE),
              "t0"."closed",
              CAST(NULL AS DATE)
            )
          ) * 4
        ) + DATE_PART(
          quarter,
          IFF(
            (
              "t0"."outcome" <> 'open'
            )
            AND COALESCE("t0"."closed" <= DATE_FROM_PARTS(2024, 12, 31), FALSE),
            "t0"."closed",
            CAST(NULL AS DATE)
          )
        )
      ) - (
        (
          DATE_PART(year, "t0"."first_due") * 4
        ) + DATE_PART(quarter, "t0"."first_due")
      ),
      0
    ) AS "quarters"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."created" <= DATE_FROM_PARTS(2024, 12, 31)
    AND IFF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= DATE_FROM_PARTS(2024, 12, 31), FALSE),
      "t0"."outcome",
      'open'
    ) <> 'open'
    AND "t0"."first_due" IS NOT NULL
) AS "t1"
GROUP BY
  1,
  2
