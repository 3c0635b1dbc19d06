SELECT
  "t1"."place",
  "t1"."part",
  "t1"."outcome",
  "t1"."days",
  COUNT(*) AS "opportunities"
FROM (
  SELECT
    CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
    (
      (
        (
          (
            LENGTH(IFF("t0"."account" = '', "t0"."id", "t0"."account")) % 64
          ) * 82451
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      0 + 1
                    ) >= 1,
                    0 + 1,
                    0 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 980284
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      1 + 1
                    ) >= 1,
                    1 + 1,
                    1 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 147007
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      2 + 1
                    ) >= 1,
                    2 + 1,
                    2 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 153609
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      3 + 1
                    ) >= 1,
                    3 + 1,
                    3 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 837797
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      4 + 1
                    ) >= 1,
                    4 + 1,
                    4 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 177664
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      5 + 1
                    ) >= 1,
                    5 + 1,
                    5 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 993219
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      6 + 1
                    ) >= 1,
                    6 + 1,
                    6 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 530520
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      7 + 1
                    ) >= 1,
                    7 + 1,
                    7 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 654096
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      8 + 1
                    ) >= 1,
                    8 + 1,
                    8 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 773297
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      9 + 1
                    ) >= 1,
                    9 + 1,
                    9 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 707506
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      10 + 1
                    ) >= 1,
                    10 + 1,
                    10 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 919673
        ) + (
          (
            (
              POSITION(
                SUBSTRING(
                  RIGHT(
                    CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                    12
                  ),
                  IFF(
                    (
                      11 + 1
                    ) >= 1,
                    11 + 1,
                    11 + 1 + LENGTH(
                      RIGHT(
                        CONCAT('............', LOWER(IFF("t0"."account" = '', "t0"."id", "t0"."account"))),
                        12
                      )
                    )
                  ),
                  1
                ),
                '0123456789abcdefghijklmnopqrstuvwxyz'
              ) - 1
            ) + 1
          ) * 402204
        )
      ) % 1000003
    ) % 16 AS "part",
    IFF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= DATE_FROM_PARTS(2024, 12, 31), FALSE),
      "t0"."outcome",
      'open'
    ) AS "outcome",
    DATEDIFF(
      DAY,
      "t0"."created",
      COALESCE(
        IFF(
          (
            "t0"."outcome" <> 'open'
          )
          AND COALESCE("t0"."closed" <= DATE_FROM_PARTS(2024, 12, 31), FALSE),
          "t0"."closed",
          CAST(NULL AS DATE)
        ),
        DATE_FROM_PARTS(2024, 12, 30)
      )
    ) AS "days"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."created" <= DATE_FROM_PARTS(2024, 12, 31)
) AS "t1"
GROUP BY
  1,
  2,
  3,
  4
