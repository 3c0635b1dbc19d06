SELECT
  COALESCE(TRIM("t4"."its_id", ' \t\n\r\x0b\f'), '') AS "id",
  COALESCE(TRIM("t4"."its_customer", ' \t\n\r\x0b\f'), '') AS "customer",
  '' AS "segment",
  "t4"."start" AS "started",
  "t4"."after" AS "ended",
  CAST(ROUND(
    IFF(
      COALESCE(CAST("t4"."its_amount" AS DOUBLE) BETWEEN 0 AND 1000000000000, FALSE),
      CAST("t4"."its_amount" AS DOUBLE),
      CAST(NULL AS DOUBLE)
    ) * (
      12 / "t4"."months"
    ) * 100,
    0
  ) AS BIGINT) AS "yearly",
  IFF(
    (
      CAST(ROUND(IFF(COALESCE("t4"."its_term" BETWEEN 1 AND 240, FALSE), "t4"."its_term", 0), 0) AS BIGINT) > 0
    )
    OR (
      CAST(ROUND("t4"."months", 0) AS BIGINT) > 1
    ),
    IFF("t4"."months" >= 1, CAST(ROUND("t4"."months", 0) AS BIGINT), 0),
    0
  ) AS "term",
  IFF(
    (
      "t4"."end" IS NOT NULL
    )
    OR (
      CAST(ROUND(IFF(COALESCE("t4"."its_term" BETWEEN 1 AND 240, FALSE), "t4"."its_term", 0), 0) AS BIGINT) > 0
    ),
    IFF("t4"."months" >= 1, CAST(ROUND("t4"."months", 0) AS BIGINT), 0),
    0
  ) AS "billed",
  0 AS "line",
  IFF(
    COALESCE(CAST("t4"."its_amount" AS DOUBLE) < 0, FALSE),
    CAST(ROUND(-(
      CAST("t4"."its_amount" AS DOUBLE)
    ) * 100, 0) AS BIGINT),
    CAST(NULL AS DOUBLE)
  ) AS "told_0",
  CASE
    WHEN COALESCE(COALESCE(TRIM("t4"."its_customer", ' \t\n\r\x0b\f'), '') = '', FALSE)
    THEN 0
    WHEN COALESCE(
      COALESCE(TRIM(CAST("t4"."its_started" AS VARCHAR), ' \t\n\r\x0b\f'), '') = '',
      FALSE
    )
    THEN 1
    WHEN COALESCE(
      REGEXP_REPLACE(
        REGEXP_REPLACE(
          LOWER(COALESCE(TRIM("t4"."its_customer", ' \t\n\r\x0b\f'), '')),
          '\\s*\\([^()]*\\)\\s*$',
          ''
        ),
        '[\\s_.-]+',
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
          LOWER(COALESCE(TRIM("t4"."its_status", ' \t\n\r\x0b\f'), '')),
          '\\s*\\([^()]*\\)\\s*$',
          ''
        ),
        '[\\s_.-]+',
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
        COALESCE(TRIM(CAST("t4"."its_started" AS VARCHAR), ' \t\n\r\x0b\f'), '') <> ''
      )
      AND (
        "t4"."start" IS NULL
      ),
      FALSE
    )
    THEN 5
    WHEN COALESCE(TRUE AND (
      "t4"."start" > DATE_FROM_PARTS(2099, 12, 31)
    ), FALSE)
    THEN 6
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(CAST("t4"."its_ended" AS VARCHAR), ' \t\n\r\x0b\f'), '') <> ''
      )
      AND (
        "t4"."end" IS NULL
      ),
      FALSE
    )
    THEN 7
    WHEN COALESCE(TRUE AND (
      "t4"."end" > DATE_FROM_PARTS(2099, 12, 31)
    ), FALSE)
    THEN 8
    WHEN COALESCE("t4"."end" < "t4"."start", FALSE)
    THEN 9
    WHEN COALESCE(COALESCE(CAST("t4"."its_amount" AS DOUBLE) < 0, FALSE), FALSE)
    THEN 10
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(CAST("t4"."its_amount" AS VARCHAR), ' \t\n\r\x0b\f'), '') = ''
      ),
      FALSE
    )
    THEN 11
    WHEN COALESCE(
      TRUE
      AND (
        COALESCE(TRIM(CAST("t4"."its_amount" AS VARCHAR), ' \t\n\r\x0b\f'), '') <> ''
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
        COALESCE(TRIM("t4"."its_id", ' \t\n\r\x0b\f'), '') <> ''
      )
      AND (
        (
          ROW_NUMBER() OVER (
            PARTITION BY COALESCE(TRIM("t4"."its_id", ' \t\n\r\x0b\f'), ''), COALESCE(TRIM("t4"."its_customer", ' \t\n\r\x0b\f'), ''), COALESCE(TRIM(CAST("t4"."its_started" AS VARCHAR), ' \t\n\r\x0b\f'), ''), COALESCE(TRIM(CAST("t4"."its_ended" AS VARCHAR), ' \t\n\r\x0b\f'), ''), COALESCE(TRIM(CAST("t4"."its_amount" AS VARCHAR), ' \t\n\r\x0b\f'), ''), COALESCE(TRIM(CAST("t4"."its_term" AS VARCHAR), ' \t\n\r\x0b\f'), ''), COALESCE(TRIM("t4"."its_status", ' \t\n\r\x0b\f'), '')
            ORDER BY COALESCE(TRIM("t4"."its_id", ' \t\n\r\x0b\f'), '') ASC
          ) - 1
        ) > 0
      ),
      FALSE
    )
    THEN 15
    ELSE CAST(NULL AS BIGINT)
  END AS "trouble",
  COALESCE(TRIM("t4"."its_id", ' \t\n\r\x0b\f'), '') AS "key"
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
    IFF("t3"."part", GREATEST("t3"."days", 1) / 30.4375, CAST("t3"."plain" AS DOUBLE)) AS "months",
    IFF(
      "t3"."part",
      IFF("t3"."days" <= 0, DATEADD(DAY, '1', "t3"."start"), "t3"."end"),
      DATE_FROM_PARTS(
        CAST(FLOOR(
          (
            (
              (
                (
                  (
                    DATE_PART(year, "t3"."start") - 1970
                  ) * 12
                ) + DATE_PART(month, "t3"."start")
              ) - 1
            ) + "t3"."plain"
          ) / 12
        ) AS BIGINT) + 1970,
        (
          (
            (
              (
                (
                  (
                    DATE_PART(year, "t3"."start") - 1970
                  ) * 12
                ) + DATE_PART(month, "t3"."start")
              ) - 1
            ) + "t3"."plain"
          ) % 12
        ) + 1,
        LEAST(
          CAST(DATE_PART(day, "t3"."start") AS BIGINT),
          CAST(CASE
            WHEN (
              (
                (
                  (
                    (
                      (
                        (
                          DATE_PART(year, "t3"."start") - 1970
                        ) * 12
                      ) + DATE_PART(month, "t3"."start")
                    ) - 1
                  ) + "t3"."plain"
                ) % 12
              ) + 1
            ) = 2
            THEN IFF(
              (
                (
                  (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                (
                                  DATE_PART(year, "t3"."start") - 1970
                                ) * 12
                              ) + DATE_PART(month, "t3"."start")
                            ) - 1
                          ) + "t3"."plain"
                        ) / 12
                      ) AS BIGINT) + 1970
                    ) % 4
                  ) = 0
                )
                AND (
                  (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                (
                                  DATE_PART(year, "t3"."start") - 1970
                                ) * 12
                              ) + DATE_PART(month, "t3"."start")
                            ) - 1
                          ) + "t3"."plain"
                        ) / 12
                      ) AS BIGINT) + 1970
                    ) % 100
                  ) <> 0
                )
              )
              OR (
                (
                  (
                    CAST(FLOOR(
                      (
                        (
                          (
                            (
                              (
                                DATE_PART(year, "t3"."start") - 1970
                              ) * 12
                            ) + DATE_PART(month, "t3"."start")
                          ) - 1
                        ) + "t3"."plain"
                      ) / 12
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
                        DATE_PART(year, "t3"."start") - 1970
                      ) * 12
                    ) + DATE_PART(month, "t3"."start")
                  ) - 1
                ) + "t3"."plain"
              ) % 12
            ) + 1 IN (4, 6, 9, 11)
            THEN 30
            ELSE 31
          END AS BIGINT)
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
      IFF(
        COALESCE("t2"."off" BETWEEN -3 AND 3, FALSE),
        "t2"."whole",
        IFF("t2"."term_months" > 0, "t2"."term_months", 1)
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
        DATEDIFF(
          DAY,
          DATE_FROM_PARTS(
            CAST(FLOOR(
              (
                (
                  (
                    (
                      (
                        DATE_PART(year, "t1"."start") - 1970
                      ) * 12
                    ) + DATE_PART(month, "t1"."start")
                  ) - 1
                ) + "t1"."whole"
              ) / 12
            ) AS BIGINT) + 1970,
            (
              (
                (
                  (
                    (
                      (
                        DATE_PART(year, "t1"."start") - 1970
                      ) * 12
                    ) + DATE_PART(month, "t1"."start")
                  ) - 1
                ) + "t1"."whole"
              ) % 12
            ) + 1,
            LEAST(
              CAST(DATE_PART(day, "t1"."start") AS BIGINT),
              CAST(CASE
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              DATE_PART(year, "t1"."start") - 1970
                            ) * 12
                          ) + DATE_PART(month, "t1"."start")
                        ) - 1
                      ) + "t1"."whole"
                    ) % 12
                  ) + 1
                ) = 2
                THEN IFF(
                  (
                    (
                      (
                        (
                          CAST(FLOOR(
                            (
                              (
                                (
                                  (
                                    (
                                      DATE_PART(year, "t1"."start") - 1970
                                    ) * 12
                                  ) + DATE_PART(month, "t1"."start")
                                ) - 1
                              ) + "t1"."whole"
                            ) / 12
                          ) AS BIGINT) + 1970
                        ) % 4
                      ) = 0
                    )
                    AND (
                      (
                        (
                          CAST(FLOOR(
                            (
                              (
                                (
                                  (
                                    (
                                      DATE_PART(year, "t1"."start") - 1970
                                    ) * 12
                                  ) + DATE_PART(month, "t1"."start")
                                ) - 1
                              ) + "t1"."whole"
                            ) / 12
                          ) AS BIGINT) + 1970
                        ) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  (
                                    DATE_PART(year, "t1"."start") - 1970
                                  ) * 12
                                ) + DATE_PART(month, "t1"."start")
                              ) - 1
                            ) + "t1"."whole"
                          ) / 12
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
                            DATE_PART(year, "t1"."start") - 1970
                          ) * 12
                        ) + DATE_PART(month, "t1"."start")
                      ) - 1
                    ) + "t1"."whole"
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                ELSE 31
              END AS BIGINT)
            )
          ),
          "t1"."end"
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
          CAST(ROUND(IFF(COALESCE("t0"."months" BETWEEN 1 AND 240, FALSE), "t0"."months", 0), 0) AS BIGINT) AS "term_months",
          DATEDIFF(DAY, "t0"."period_start", "t0"."period_end") AS "days",
          GREATEST(
            COALESCE(
              CAST(ROUND(DATEDIFF(DAY, "t0"."period_start", "t0"."period_end") / 30.4375, 0) AS BIGINT),
              1
            ),
            1
          ) AS "whole"
        FROM "lines" AS "t0"
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
) AS "t4"
