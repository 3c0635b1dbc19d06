SELECT
  "t2"."place",
  "t2"."part",
  "t2"."month",
  COUNT(*) AS "decided",
  COALESCE(SUM(IF("t2"."won", 1, 0)), 0) AS "won",
  COALESCE(SUM(IF("t2"."named", 1, 0)), 0) AS "named",
  COALESCE(SUM(IF("t2"."named" AND (
    "t2"."turn" = 0
  ), 1, 0)), 0) AS "accounts",
  COALESCE(SUM(IF("t2"."won" AND (
    "t2"."amount" IS NOT NULL
  ), 1, 0)), 0) AS "priced",
  COALESCE(
    SUM("t2"."amount") FILTER(WHERE
      "t2"."won" AND (
        "t2"."amount" IS NOT NULL
      )),
    0
  ) AS "amount",
  COALESCE(
    SUM(
      IF(
        "t2"."won"
        AND (
          "t2"."amount" IS NOT NULL
        )
        AND (
          "t2"."list_amount" IS NOT NULL
        ),
        1,
        0
      )
    ),
    0
  ) AS "listed",
  COALESCE(
    SUM("t2"."list_amount") FILTER(WHERE
      "t2"."won"
      AND (
        "t2"."amount" IS NOT NULL
      )
      AND (
        "t2"."list_amount" IS NOT NULL
      )),
    0
  ) AS "list_amount",
  COALESCE(
    SUM("t2"."amount") FILTER(WHERE
      "t2"."won"
      AND (
        "t2"."amount" IS NOT NULL
      )
      AND (
        "t2"."list_amount" IS NOT NULL
      )),
    0
  ) AS "listed_amount"
FROM (
  SELECT
    "t1"."place",
    "t1"."part",
    "t1"."amount",
    "t1"."list_amount",
    "t1"."outcome" = 'won' AS "won",
    (
      "t1"."outcome" = 'won'
    ) AND (
      "t1"."account" <> ''
    ) AS "named",
    ROW_NUMBER() OVER (
      PARTITION BY "t1"."outcome" = 'won', LOWER("t1"."account")
      ORDER BY "t1"."closed" ASC, "t1"."id" ASC, "t1"."line" ASC
    ) - 1 AS "turn",
    (
      (
        (
          EXTRACT(year FROM "t1"."closed") - 1970
        ) * 12
      ) + EXTRACT(month FROM "t1"."closed")
    ) - 1 AS "month"
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
      "t0"."line",
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
      ) % 16 AS "part"
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
  ) AS "t1"
) AS "t2"
GROUP BY
  1,
  2,
  3
