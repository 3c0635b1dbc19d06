SELECT
  "t13"."month",
  "t13"."place",
  "t13"."part",
  "t13"."card",
  "t13"."term",
  COUNT(*) AS "invoices",
  COALESCE(SUM("t13"."amount"), 0) AS "amount",
  COALESCE(SUM(IF(NOT (
    "t13"."paid"
  ), 1, 0)), 0) AS "failed_invoices",
  COALESCE(SUM("t13"."amount") FILTER(WHERE
    NOT (
      "t13"."paid"
    )), 0) AS "failed",
  COALESCE(SUM(IF(NOT (
    "t13"."paid"
  ) AND (
    "t13"."payers" > 0
  ), 1, 0)), 0) AS "recovered_invoices",
  COALESCE(
    SUM("t13"."amount") FILTER(WHERE
      NOT (
        "t13"."paid"
      ) AND (
        "t13"."payers" > 0
      )),
    0
  ) AS "recovered"
FROM (
  SELECT
    "t12"."place",
    "t12"."card",
    "t12"."term",
    "t12"."amount",
    "t12"."paid",
    "t12"."payers",
    (
      (
        (
          EXTRACT(year FROM "t12"."day") - 1970
        ) * 12
      ) + EXTRACT(month FROM "t12"."day")
    ) - 1 AS "month",
    (
      (
        (
          (
            LENGTH(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer")) % 64
          ) * 82451
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      0 + 1
                    ) >= 1,
                    0 + 1,
                    0 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 980284
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      1 + 1
                    ) >= 1,
                    1 + 1,
                    1 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 147007
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      2 + 1
                    ) >= 1,
                    2 + 1,
                    2 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 153609
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      3 + 1
                    ) >= 1,
                    3 + 1,
                    3 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 837797
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      4 + 1
                    ) >= 1,
                    4 + 1,
                    4 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 177664
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      5 + 1
                    ) >= 1,
                    5 + 1,
                    5 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 993219
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      6 + 1
                    ) >= 1,
                    6 + 1,
                    6 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 530520
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      7 + 1
                    ) >= 1,
                    7 + 1,
                    7 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 654096
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      8 + 1
                    ) >= 1,
                    8 + 1,
                    8 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 773297
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      9 + 1
                    ) >= 1,
                    9 + 1,
                    9 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 707506
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      10 + 1
                    ) >= 1,
                    10 + 1,
                    10 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 919673
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT(
                      '............',
                      LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                    ),
                    -12
                  ),
                  IF(
                    (
                      11 + 1
                    ) >= 1,
                    11 + 1,
                    11 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT(
                          '............',
                          LOWER(IF("t12"."customer" = '', "t12"."invoice", "t12"."customer"))
                        ),
                        -12
                      )
                    )
                  ),
                  1
                )
              ) - 1
            ) + 1
          ) * 402204
        )
      ) % 1000003
    ) % 16 AS "part"
  FROM (
    SELECT
      "t11"."invoice",
      "t11"."customer",
      "t11"."segment",
      "t11"."day",
      "t11"."amount",
      "t11"."card",
      "t11"."paid",
      "t11"."term",
      "t11"."line",
      "t11"."key",
      "t11"."key_right",
      "t11"."place",
      ROW_NUMBER() OVER (PARTITION BY "t11"."invoice" ORDER BY "t11"."day" ASC, "t11"."line" ASC) - 1 AS "turn",
      COALESCE(
        SUM(IF("t11"."paid", 1, 0)) OVER (
          PARTITION BY "t11"."invoice"
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ),
        0
      ) AS "payers"
    FROM (
      SELECT
        "t10"."invoice",
        "t10"."customer",
        "t10"."segment",
        "t10"."day",
        "t10"."amount",
        "t10"."card",
        "t10"."paid",
        "t10"."term",
        "t10"."line",
        "t10"."key",
        "t10"."key_right",
        COALESCE("t10"."place", -1) AS "place"
      FROM (
        SELECT
          "t6"."invoice",
          "t6"."customer",
          "t6"."segment",
          "t6"."day",
          "t6"."amount",
          "t6"."card",
          "t6"."paid",
          "t6"."term",
          "t6"."line",
          "t6"."key",
          "t9"."key" AS "key_right",
          "t9"."place"
        FROM (
          SELECT
            "t4"."invoice",
            "t4"."customer",
            "t4"."segment",
            "t4"."day",
            "t4"."amount",
            "t4"."card",
            "t4"."paid",
            "t4"."term",
            "t4"."line",
            LOWER("t4"."customer") AS "key"
          FROM (
            SELECT
              "t2"."invoice",
              "t2"."customer",
              "t2"."segment",
              "t2"."day",
              "t2"."amount",
              "t2"."card",
              "t2"."paid",
              "t2"."term",
              "t2"."line"
            FROM (
              SELECT
                "t0"."invoice",
                "t0"."customer",
                "t0"."segment",
                "t0"."day",
                "t0"."amount",
                "t0"."card",
                "t0"."paid",
                "t0"."term",
                "t0"."line",
                CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place"
              FROM "payments" AS "t0"
              WHERE
                "t0"."day" <= FROM_ISO8601_DATE('2024-12-31')
            ) AS "t2"
          ) AS "t4"
        ) AS "t6"
        LEFT OUTER JOIN (
          SELECT
            "t7"."customer" AS "key",
            CAST(CASE
              WHEN "t7"."of_0" = GREATEST("t7"."of_0", "t7"."of_1")
              THEN 0
              WHEN "t7"."of_1" = GREATEST("t7"."of_0", "t7"."of_1")
              THEN 1
              ELSE 0
            END AS BIGINT) AS "place"
          FROM (
            SELECT
              "t3"."customer",
              COALESCE(SUM("t3"."yearly") FILTER(WHERE
                "t3"."place" = 0), 0) AS "of_0",
              COALESCE(SUM("t3"."yearly") FILTER(WHERE
                "t3"."place" = 1), 0) AS "of_1"
            FROM (
              SELECT
                LOWER("t1"."customer") AS "customer",
                CAST(CASE LOWER("t1"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
                "t1"."yearly"
              FROM "subscriptions" AS "t1"
              WHERE
                "t1"."started" <= FROM_ISO8601_DATE('2024-12-31') AND "t1"."yearly" > 0
            ) AS "t3"
            GROUP BY
              1
          ) AS "t7"
        ) AS "t9"
          ON "t6"."key" = "t9"."key"
      ) AS "t10"
    ) AS "t11"
  ) AS "t12"
  WHERE
    "t12"."turn" = 0
) AS "t13"
GROUP BY
  1,
  2,
  3,
  4,
  5
