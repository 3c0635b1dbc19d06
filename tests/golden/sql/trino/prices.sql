SELECT
  "t1"."place",
  "t1"."part",
  "t1"."month",
  COUNT(*) AS "won",
  COALESCE(SUM(IF("t1"."amount" IS NOT NULL, 1, 0)), 0) AS "priced",
  COALESCE(SUM("t1"."amount"), 0) AS "amount",
  COALESCE(
    SUM(
      IF((
        "t1"."amount" IS NOT NULL
      ) AND (
        "t1"."list_amount" IS NOT NULL
      ), 1, 0)
    ),
    0
  ) AS "listed",
  COALESCE(
    SUM("t1"."list_amount") FILTER(WHERE
      (
        "t1"."amount" IS NOT NULL
      ) AND (
        "t1"."list_amount" IS NOT NULL
      )),
    0
  ) AS "list_amount",
  COALESCE(
    SUM("t1"."amount") FILTER(WHERE
      (
        "t1"."amount" IS NOT NULL
      ) AND (
        "t1"."list_amount" IS NOT NULL
      )),
    0
  ) AS "listed_amount"
FROM (
  SELECT
    CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
    (
      (
        (
          (
            LENGTH(IF("t0"."account" = '', "t0"."id", "t0"."account")) % 64
          ) * 82451
        ) + (
          (
            (
              STRPOS(
                '0123456789abcdefghijklmnopqrstuvwxyz',
                SUBSTR(
                  SUBSTR(
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      0 + 1
                    ) >= 1,
                    0 + 1,
                    0 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      1 + 1
                    ) >= 1,
                    1 + 1,
                    1 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      2 + 1
                    ) >= 1,
                    2 + 1,
                    2 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      3 + 1
                    ) >= 1,
                    3 + 1,
                    3 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      4 + 1
                    ) >= 1,
                    4 + 1,
                    4 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      5 + 1
                    ) >= 1,
                    5 + 1,
                    5 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      6 + 1
                    ) >= 1,
                    6 + 1,
                    6 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      7 + 1
                    ) >= 1,
                    7 + 1,
                    7 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      8 + 1
                    ) >= 1,
                    8 + 1,
                    8 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      9 + 1
                    ) >= 1,
                    9 + 1,
                    9 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      10 + 1
                    ) >= 1,
                    10 + 1,
                    10 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
                    CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    -12
                  ),
                  IF(
                    (
                      11 + 1
                    ) >= 1,
                    11 + 1,
                    11 + 1 + LENGTH(
                      SUBSTR(
                        CONCAT('............', LOWER(IF("t0"."account" = '', "t0"."id", "t0"."account"))),
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
    ) % 16 AS "part",
    "t0"."amount",
    "t0"."list_amount",
    (
      (
        (
          EXTRACT(year FROM IF(
            (
              "t0"."outcome" <> 'open'
            )
            AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
            "t0"."closed",
            CAST(NULL AS DATE)
          )) - 1970
        ) * 12
      ) + EXTRACT(month FROM IF(
        (
          "t0"."outcome" <> 'open'
        )
        AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
        "t0"."closed",
        CAST(NULL AS DATE)
      ))
    ) - 1 AS "month"
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
    ) = 'won'
) AS "t1"
GROUP BY
  1,
  2,
  3
