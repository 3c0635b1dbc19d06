SELECT
  "t2"."place",
  "t2"."quarters",
  "t2"."still_open",
  COUNT(*) AS "opportunities"
FROM (
  SELECT
    *
  FROM (
    SELECT
      CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
      COALESCE(
        (
          (
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
                ) - 1970
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
          ) - 1
        ) >= 220,
        TRUE
      ) AS "still_open",
      GREATEST(
        IFF(
          COALESCE(
            (
              (
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
                    ) - 1970
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
              ) - 1
            ) >= 220,
            TRUE
          ),
          220,
          (
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
                ) - 1970
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
          ) - 1
        ) - (
          (
            (
              (
                DATE_PART(year, "t0"."first_due") - 1970
              ) * 4
            ) + DATE_PART(quarter, "t0"."first_due")
          ) - 1
        ),
        0
      ) AS "quarters"
    FROM "opportunities" AS "t0"
    WHERE
      "t0"."created" <= DATE_FROM_PARTS(2024, 12, 31) AND "t0"."first_due" IS NOT NULL
  ) AS "t1"
  WHERE
    NOT (
      "t1"."still_open"
    ) OR (
      "t1"."quarters" > 0
    )
) AS "t2"
GROUP BY
  1,
  2,
  3
