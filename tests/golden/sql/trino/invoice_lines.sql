SELECT
  COALESCE(TRIM(' 	
' FROM "t4"."its_id"), '') AS "id",
  COALESCE(TRIM(' 	
' FROM "t4"."its_customer"), '') AS "customer",
  '' AS "segment",
  "t4"."start" AS "started",
  "t4"."after" AS "ended",
  CAST(ROUND(
    IF(
      COALESCE(CAST("t4"."its_amount" AS DOUBLE) BETWEEN 0 AND 1000000000000, FALSE),
      CAST("t4"."its_amount" AS DOUBLE),
      CAST(NULL AS DOUBLE)
    ) * (
      CAST(12 AS DOUBLE) / "t4"."months"
    ) * 100,
    0
  ) AS BIGINT) AS "yearly",
  IF(
    (
      CAST(ROUND(IF(COALESCE("t4"."its_term" BETWEEN 1 AND 240, FALSE), "t4"."its_term", 0), 0) AS BIGINT) > 0
    )
    OR (
      CAST(ROUND("t4"."months", 0) AS BIGINT) > 1
    ),
    IF("t4"."months" >= 1, CAST(ROUND("t4"."months", 0) AS BIGINT), 0),
    0
  ) AS "term",
  IF(
    (
      "t4"."end" IS NOT NULL
    )
    OR (
      CAST(ROUND(IF(COALESCE("t4"."its_term" BETWEEN 1 AND 240, FALSE), "t4"."its_term", 0), 0) AS BIGINT) > 0
    ),
    IF("t4"."months" >= 1, CAST(ROUND("t4"."months", 0) AS BIGINT), 0),
    0
  ) AS "billed",
  0 AS "line",
  IF(
    COALESCE(CAST("t4"."its_amount" AS DOUBLE) < 0, FALSE),
    CAST(ROUND(-(
      CAST("t4"."its_amount" AS DOUBLE)
    ) * 100, 0) AS BIGINT),
    CAST(NULL AS DOUBLE)
  ) AS "told_0",
  CASE
    WHEN COALESCE(COALESCE(TRIM(' 	
' FROM "t4"."its_customer"), '') = '', FALSE)
    THEN 0
    WHEN COALESCE(
      COALESCE(TRIM(' 	
' FROM CAST("t4"."its_started" AS VARCHAR)), '') = '',
      FALSE
    )
    THEN 1
    WHEN COALESCE(
      REGEXP_REPLACE(
        REGEXP_REPLACE(
          LOWER(COALESCE(TRIM(' 	
' FROM "t4"."its_customer"), '')),
          '\s*\([^()]*\)\s*$',
          ''
        ),
        '[\s_.-]+',
        ''
      ) IN (
        'allcustomers',
        'arrgesamt',
        'arrtotal',
        'gesamt',
        'gesamtarr',
        'gesamtmrr',
        'gesamtsumme',
        'gesamtumsatz',
        'grandtotal',
        'insgesamt',
        'mrrgesamt',
        'mrrtotal',
        'somme',
        'subtotal',
        'sum',
        'suma',
        'sumarr',
        'summe',
        'summearr',
        'summemrr',
        'summrr',
        'sumofarr',
        'sumofmrr',
        'total',
        'totalactivecustomers',
        'totalarr',
        'totalcustomers',
        'totalgénéral',
        'totalmrr',
        'totalpermonth',
        'totalpromonat',
        'totalrevenue',
        'totals',
        'umsatzgesamt',
        'σ'
      ),
      FALSE
    )
    THEN 2
    WHEN COALESCE(
      REGEXP_REPLACE(
        REGEXP_REPLACE(
          LOWER(COALESCE(TRIM(' 	
' FROM "t4"."its_status"), '')),
          '\s*\([^()]*\)\s*$',
          ''
        ),
        '[\s_.-]+',
        ''
      ) IN (
        'canceled',
        'cancelled',
        'deleted',
        'draft',
        'entwurf',
        'storniert',
        'uncollectible',
        'void',
        'voided',
        'writtenoff'
      ),
      FALSE
    )
    THEN 3
    WHEN COALESCE(FALSE, FALSE)
    THEN 4
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(' 	
' FROM CAST("t4"."its_started" AS VARCHAR)), '') <> ''
      )
      AND (
        "t4"."start" IS NULL
      ),
      FALSE
    )
    THEN 5
    WHEN COALESCE(TRUE AND (
      "t4"."start" > FROM_ISO8601_DATE('2099-12-31')
    ), FALSE)
    THEN 6
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(' 	
' FROM CAST("t4"."its_ended" AS VARCHAR)), '') <> ''
      )
      AND (
        "t4"."end" IS NULL
      ),
      FALSE
    )
    THEN 7
    WHEN COALESCE(TRUE AND (
      "t4"."end" > FROM_ISO8601_DATE('2099-12-31')
    ), FALSE)
    THEN 8
    WHEN COALESCE("t4"."end" < "t4"."start", FALSE)
    THEN 9
    WHEN COALESCE(COALESCE(CAST("t4"."its_amount" AS DOUBLE) < 0, FALSE), FALSE)
    THEN 10
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(' 	
' FROM CAST("t4"."its_amount" AS VARCHAR)), '') = ''
      ),
      FALSE
    )
    THEN 11
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(' 	
' FROM CAST("t4"."its_amount" AS VARCHAR)), '') <> ''
      )
      AND (
        "t4"."its_amount" IS NULL
      ),
      FALSE
    )
    THEN 12
    WHEN COALESCE(TRUE AND (
      "t4"."its_amount" < 0
    ), FALSE)
    THEN 13
    WHEN COALESCE(
      TRUE AND NOT (
        COALESCE("t4"."its_amount" BETWEEN 0 AND 1000000000000, TRUE)
      ),
      FALSE
    )
    THEN 14
    WHEN COALESCE(
      (
        COALESCE(TRIM(' 	
' FROM "t4"."its_id"), '') <> ''
      )
      AND (
        (
          ROW_NUMBER() OVER (
            PARTITION BY COALESCE(TRIM(' 	
' FROM "t4"."its_id"), ''), COALESCE(TRIM(' 	
' FROM "t4"."its_customer"), ''), COALESCE(TRIM(' 	
' FROM CAST("t4"."its_started" AS VARCHAR)), ''), COALESCE(TRIM(' 	
' FROM CAST("t4"."its_ended" AS VARCHAR)), ''), COALESCE(TRIM(' 	
' FROM CAST("t4"."its_amount" AS VARCHAR)), ''), COALESCE(TRIM(' 	
' FROM CAST("t4"."its_term" AS VARCHAR)), ''), COALESCE(TRIM(' 	
' FROM "t4"."its_status"), '')
            ORDER BY COALESCE(TRIM(' 	
' FROM "t4"."its_id"), '') ASC
          ) - 1
        ) > 0
      ),
      FALSE
    )
    THEN 15
    ELSE CAST(NULL AS BIGINT)
  END AS "trouble",
  COALESCE(TRIM(' 	
' FROM "t4"."its_id"), '') AS "key"
FROM (
  SELECT
    "t3"."its_id",
    "t3"."its_customer",
    "t3"."its_started",
    "t3"."its_ended",
    "t3"."its_amount",
    "t3"."its_term",
    "t3"."its_status",
    "t3"."start",
    "t3"."end",
    "t3"."term_months",
    "t3"."days",
    "t3"."whole",
    "t3"."off",
    "t3"."part",
    "t3"."plain",
    IF(
      "t3"."part",
      GREATEST("t3"."days", 1) / CAST(30.4375 AS DOUBLE),
      CAST("t3"."plain" AS DOUBLE)
    ) AS "months",
    IF(
      "t3"."part",
      IF("t3"."days" <= 0, "t3"."start" + INTERVAL '1' DAY, "t3"."end"),
      FROM_ISO8601_DATE(
        FORMAT(
          '%04d-%02d-%02d',
          CAST(FLOOR(
            CAST((
              (
                (
                  (
                    (
                      EXTRACT(year FROM "t3"."start") - 1970
                    ) * 12
                  ) + EXTRACT(month FROM "t3"."start")
                ) - 1
              ) + "t3"."plain"
            ) AS DOUBLE) / 12
          ) AS BIGINT) + 1970,
          (
            (
              (
                (
                  (
                    (
                      EXTRACT(year FROM "t3"."start") - 1970
                    ) * 12
                  ) + EXTRACT(month FROM "t3"."start")
                ) - 1
              ) + "t3"."plain"
            ) % 12
          ) + 1,
          LEAST(
            CAST(EXTRACT(day FROM "t3"."start") AS BIGINT),
            CAST(CASE
              WHEN (
                (
                  (
                    (
                      (
                        (
                          (
                            EXTRACT(year FROM "t3"."start") - 1970
                          ) * 12
                        ) + EXTRACT(month FROM "t3"."start")
                      ) - 1
                    ) + "t3"."plain"
                  ) % 12
                ) + 1
              ) = 2
              THEN IF(
                (
                  (
                    (
                      (
                        CAST(FLOOR(
                          CAST((
                            (
                              (
                                (
                                  (
                                    EXTRACT(year FROM "t3"."start") - 1970
                                  ) * 12
                                ) + EXTRACT(month FROM "t3"."start")
                              ) - 1
                            ) + "t3"."plain"
                          ) AS DOUBLE) / 12
                        ) AS BIGINT) + 1970
                      ) % 4
                    ) = 0
                  )
                  AND (
                    (
                      (
                        CAST(FLOOR(
                          CAST((
                            (
                              (
                                (
                                  (
                                    EXTRACT(year FROM "t3"."start") - 1970
                                  ) * 12
                                ) + EXTRACT(month FROM "t3"."start")
                              ) - 1
                            ) + "t3"."plain"
                          ) AS DOUBLE) / 12
                        ) AS BIGINT) + 1970
                      ) % 100
                    ) <> 0
                  )
                )
                OR (
                  (
                    (
                      CAST(FLOOR(
                        CAST((
                          (
                            (
                              (
                                (
                                  EXTRACT(year FROM "t3"."start") - 1970
                                ) * 12
                              ) + EXTRACT(month FROM "t3"."start")
                            ) - 1
                          ) + "t3"."plain"
                        ) AS DOUBLE) / 12
                      ) AS BIGINT) + 1970
                    ) % 400
                  ) = 0
                ),
                29,
                28
              )
              WHEN (
                (
                  (
                    (
                      (
                        (
                          EXTRACT(year FROM "t3"."start") - 1970
                        ) * 12
                      ) + EXTRACT(month FROM "t3"."start")
                    ) - 1
                  ) + "t3"."plain"
                ) % 12
              ) + 1 IN (4, 6, 9, 11)
              THEN 30
              ELSE 31
            END AS BIGINT)
          )
        )
      )
    ) AS "after"
  FROM (
    SELECT
      "t2"."its_id",
      "t2"."its_customer",
      "t2"."its_started",
      "t2"."its_ended",
      "t2"."its_amount",
      "t2"."its_term",
      "t2"."its_status",
      "t2"."start",
      "t2"."end",
      "t2"."term_months",
      "t2"."days",
      "t2"."whole",
      "t2"."off",
      (
        "t2"."end" IS NOT NULL
      )
      AND NOT (
        COALESCE("t2"."off" BETWEEN -3 AND 3, FALSE)
      ) AS "part",
      IF(
        COALESCE("t2"."off" BETWEEN -3 AND 3, FALSE),
        "t2"."whole",
        IF("t2"."term_months" > 0, "t2"."term_months", 1)
      ) AS "plain"
    FROM (
      SELECT
        "t1"."its_id",
        "t1"."its_customer",
        "t1"."its_started",
        "t1"."its_ended",
        "t1"."its_amount",
        "t1"."its_term",
        "t1"."its_status",
        "t1"."start",
        "t1"."end",
        "t1"."term_months",
        "t1"."days",
        "t1"."whole",
        DATE_DIFF(
          'DAY',
          DATE_TRUNC(
            'DAY',
            FROM_ISO8601_DATE(
              FORMAT(
                '%04d-%02d-%02d',
                CAST(FLOOR(
                  CAST((
                    (
                      (
                        (
                          (
                            EXTRACT(year FROM "t1"."start") - 1970
                          ) * 12
                        ) + EXTRACT(month FROM "t1"."start")
                      ) - 1
                    ) + "t1"."whole"
                  ) AS DOUBLE) / 12
                ) AS BIGINT) + 1970,
                (
                  (
                    (
                      (
                        (
                          (
                            EXTRACT(year FROM "t1"."start") - 1970
                          ) * 12
                        ) + EXTRACT(month FROM "t1"."start")
                      ) - 1
                    ) + "t1"."whole"
                  ) % 12
                ) + 1,
                LEAST(
                  CAST(EXTRACT(day FROM "t1"."start") AS BIGINT),
                  CAST(CASE
                    WHEN (
                      (
                        (
                          (
                            (
                              (
                                (
                                  EXTRACT(year FROM "t1"."start") - 1970
                                ) * 12
                              ) + EXTRACT(month FROM "t1"."start")
                            ) - 1
                          ) + "t1"."whole"
                        ) % 12
                      ) + 1
                    ) = 2
                    THEN IF(
                      (
                        (
                          (
                            (
                              CAST(FLOOR(
                                CAST((
                                  (
                                    (
                                      (
                                        (
                                          EXTRACT(year FROM "t1"."start") - 1970
                                        ) * 12
                                      ) + EXTRACT(month FROM "t1"."start")
                                    ) - 1
                                  ) + "t1"."whole"
                                ) AS DOUBLE) / 12
                              ) AS BIGINT) + 1970
                            ) % 4
                          ) = 0
                        )
                        AND (
                          (
                            (
                              CAST(FLOOR(
                                CAST((
                                  (
                                    (
                                      (
                                        (
                                          EXTRACT(year FROM "t1"."start") - 1970
                                        ) * 12
                                      ) + EXTRACT(month FROM "t1"."start")
                                    ) - 1
                                  ) + "t1"."whole"
                                ) AS DOUBLE) / 12
                              ) AS BIGINT) + 1970
                            ) % 100
                          ) <> 0
                        )
                      )
                      OR (
                        (
                          (
                            CAST(FLOOR(
                              CAST((
                                (
                                  (
                                    (
                                      (
                                        EXTRACT(year FROM "t1"."start") - 1970
                                      ) * 12
                                    ) + EXTRACT(month FROM "t1"."start")
                                  ) - 1
                                ) + "t1"."whole"
                              ) AS DOUBLE) / 12
                            ) AS BIGINT) + 1970
                          ) % 400
                        ) = 0
                      ),
                      29,
                      28
                    )
                    WHEN (
                      (
                        (
                          (
                            (
                              (
                                EXTRACT(year FROM "t1"."start") - 1970
                              ) * 12
                            ) + EXTRACT(month FROM "t1"."start")
                          ) - 1
                        ) + "t1"."whole"
                      ) % 12
                    ) + 1 IN (4, 6, 9, 11)
                    THEN 30
                    ELSE 31
                  END AS BIGINT)
                )
              )
            )
          ),
          DATE_TRUNC('DAY', "t1"."end")
        ) AS "off"
      FROM (
        SELECT
          "t0"."line_id" AS "its_id",
          "t0"."customer" AS "its_customer",
          "t0"."period_start" AS "its_started",
          "t0"."period_end" AS "its_ended",
          "t0"."amount" AS "its_amount",
          "t0"."months" AS "its_term",
          "t0"."invoice_status" AS "its_status",
          "t0"."period_start" AS "start",
          "t0"."period_end" AS "end",
          CAST(ROUND(IF(COALESCE("t0"."months" BETWEEN 1 AND 240, FALSE), "t0"."months", 0), 0) AS BIGINT) AS "term_months",
          DATE_DIFF('DAY', DATE_TRUNC('DAY', "t0"."period_start"), DATE_TRUNC('DAY', "t0"."period_end")) AS "days",
          GREATEST(
            COALESCE(
              CAST(ROUND(
                DATE_DIFF('DAY', DATE_TRUNC('DAY', "t0"."period_start"), DATE_TRUNC('DAY', "t0"."period_end")) / CAST(30.4375 AS DOUBLE),
                0
              ) AS BIGINT),
              1
            ),
            1
          ) AS "whole"
        FROM "lines" AS "t0"
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
) AS "t4"
