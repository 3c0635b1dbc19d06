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
          EXTRACT(year FROM IF(
            (
              "t0"."outcome" <> 'open'
            )
            AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
            "t0"."closed",
            CAST(NULL AS DATE)
          )) * 4
        ) + EXTRACT(quarter FROM IF(
          (
            "t0"."outcome" <> 'open'
          )
          AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
          "t0"."closed",
          CAST(NULL AS DATE)
        ))
      ) - (
        (
          EXTRACT(year FROM "t0"."first_due") * 4
        ) + EXTRACT(quarter FROM "t0"."first_due")
      ),
      0
    ) AS "quarters"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."created" <= FROM_ISO8601_DATE('2024-12-31')
    AND IF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
      "t0"."outcome",
      'open'
    ) <> 'open'
    AND "t0"."first_due" IS NOT NULL
) AS "t1"
GROUP BY
  1,
  2
