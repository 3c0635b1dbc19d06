WITH "t2" AS (
  SELECT
    LOWER("t0"."customer") AS "customer",
    (
      (
        (
          DATE_PART(year, "t0"."started") - 1970
        ) * 12
      ) + DATE_PART(month, "t0"."started")
    ) - 1 AS "begin",
    (
      (
        (
          DATE_PART(
            year,
            IFF("t0"."ended" <= DATE_FROM_PARTS(2024, 12, 31), "t0"."ended", CAST(NULL AS DATE))
          ) - 1970
        ) * 12
      ) + DATE_PART(
        month,
        IFF("t0"."ended" <= DATE_FROM_PARTS(2024, 12, 31), "t0"."ended", CAST(NULL AS DATE))
      )
    ) - 1 AS "end",
    "t0"."yearly"
  FROM "subscriptions" AS "t0"
  WHERE
    "t0"."started" <= DATE_FROM_PARTS(2024, 12, 31) AND "t0"."yearly" <> 0
)
SELECT
  "t18"."place",
  "t18"."part",
  COALESCE(SUM(IFF("t18"."at_12" > 0, 1, 0)), 0) AS "customers_0",
  COALESCE(SUM("t18"."at_12"), 0) AS "arr_0",
  COALESCE(SUM(IFF((
    "t18"."at_12" > 0
  ) AND (
    "t18"."at_0" = 0
  ), 1, 0)), 0) AS "lost_customers_0",
  COALESCE(
    SUM(IFF((
      "t18"."at_12" > 0
    ) AND (
      "t18"."at_0" = 0
    ), "t18"."at_12", NULL)),
    0
  ) AS "lost_0",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_12" > 0
        )
        AND (
          "t18"."at_0" > 0
        )
        AND (
          "t18"."at_0" > "t18"."at_12"
        ),
        "t18"."at_0" - "t18"."at_12",
        NULL
      )
    ),
    0
  ) AS "grown_0",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_12" > 0
        )
        AND (
          "t18"."at_0" > 0
        )
        AND (
          "t18"."at_0" < "t18"."at_12"
        ),
        "t18"."at_12" - "t18"."at_0",
        NULL
      )
    ),
    0
  ) AS "shrunk_0",
  COALESCE(SUM(IFF("t18"."at_13" > 0, 1, 0)), 0) AS "customers_1",
  COALESCE(SUM("t18"."at_13"), 0) AS "arr_1",
  COALESCE(SUM(IFF((
    "t18"."at_13" > 0
  ) AND (
    "t18"."at_1" = 0
  ), 1, 0)), 0) AS "lost_customers_1",
  COALESCE(
    SUM(IFF((
      "t18"."at_13" > 0
    ) AND (
      "t18"."at_1" = 0
    ), "t18"."at_13", NULL)),
    0
  ) AS "lost_1",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_13" > 0
        )
        AND (
          "t18"."at_1" > 0
        )
        AND (
          "t18"."at_1" > "t18"."at_13"
        ),
        "t18"."at_1" - "t18"."at_13",
        NULL
      )
    ),
    0
  ) AS "grown_1",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_13" > 0
        )
        AND (
          "t18"."at_1" > 0
        )
        AND (
          "t18"."at_1" < "t18"."at_13"
        ),
        "t18"."at_13" - "t18"."at_1",
        NULL
      )
    ),
    0
  ) AS "shrunk_1",
  COALESCE(SUM(IFF("t18"."at_14" > 0, 1, 0)), 0) AS "customers_2",
  COALESCE(SUM("t18"."at_14"), 0) AS "arr_2",
  COALESCE(SUM(IFF((
    "t18"."at_14" > 0
  ) AND (
    "t18"."at_2" = 0
  ), 1, 0)), 0) AS "lost_customers_2",
  COALESCE(
    SUM(IFF((
      "t18"."at_14" > 0
    ) AND (
      "t18"."at_2" = 0
    ), "t18"."at_14", NULL)),
    0
  ) AS "lost_2",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_14" > 0
        )
        AND (
          "t18"."at_2" > 0
        )
        AND (
          "t18"."at_2" > "t18"."at_14"
        ),
        "t18"."at_2" - "t18"."at_14",
        NULL
      )
    ),
    0
  ) AS "grown_2",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_14" > 0
        )
        AND (
          "t18"."at_2" > 0
        )
        AND (
          "t18"."at_2" < "t18"."at_14"
        ),
        "t18"."at_14" - "t18"."at_2",
        NULL
      )
    ),
    0
  ) AS "shrunk_2",
  COALESCE(SUM(IFF("t18"."at_15" > 0, 1, 0)), 0) AS "customers_3",
  COALESCE(SUM("t18"."at_15"), 0) AS "arr_3",
  COALESCE(SUM(IFF((
    "t18"."at_15" > 0
  ) AND (
    "t18"."at_3" = 0
  ), 1, 0)), 0) AS "lost_customers_3",
  COALESCE(
    SUM(IFF((
      "t18"."at_15" > 0
    ) AND (
      "t18"."at_3" = 0
    ), "t18"."at_15", NULL)),
    0
  ) AS "lost_3",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_15" > 0
        )
        AND (
          "t18"."at_3" > 0
        )
        AND (
          "t18"."at_3" > "t18"."at_15"
        ),
        "t18"."at_3" - "t18"."at_15",
        NULL
      )
    ),
    0
  ) AS "grown_3",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_15" > 0
        )
        AND (
          "t18"."at_3" > 0
        )
        AND (
          "t18"."at_3" < "t18"."at_15"
        ),
        "t18"."at_15" - "t18"."at_3",
        NULL
      )
    ),
    0
  ) AS "shrunk_3",
  COALESCE(SUM(IFF("t18"."at_16" > 0, 1, 0)), 0) AS "customers_4",
  COALESCE(SUM("t18"."at_16"), 0) AS "arr_4",
  COALESCE(SUM(IFF((
    "t18"."at_16" > 0
  ) AND (
    "t18"."at_4" = 0
  ), 1, 0)), 0) AS "lost_customers_4",
  COALESCE(
    SUM(IFF((
      "t18"."at_16" > 0
    ) AND (
      "t18"."at_4" = 0
    ), "t18"."at_16", NULL)),
    0
  ) AS "lost_4",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_16" > 0
        )
        AND (
          "t18"."at_4" > 0
        )
        AND (
          "t18"."at_4" > "t18"."at_16"
        ),
        "t18"."at_4" - "t18"."at_16",
        NULL
      )
    ),
    0
  ) AS "grown_4",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_16" > 0
        )
        AND (
          "t18"."at_4" > 0
        )
        AND (
          "t18"."at_4" < "t18"."at_16"
        ),
        "t18"."at_16" - "t18"."at_4",
        NULL
      )
    ),
    0
  ) AS "shrunk_4",
  COALESCE(SUM(IFF("t18"."at_17" > 0, 1, 0)), 0) AS "customers_5",
  COALESCE(SUM("t18"."at_17"), 0) AS "arr_5",
  COALESCE(SUM(IFF((
    "t18"."at_17" > 0
  ) AND (
    "t18"."at_5" = 0
  ), 1, 0)), 0) AS "lost_customers_5",
  COALESCE(
    SUM(IFF((
      "t18"."at_17" > 0
    ) AND (
      "t18"."at_5" = 0
    ), "t18"."at_17", NULL)),
    0
  ) AS "lost_5",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_17" > 0
        )
        AND (
          "t18"."at_5" > 0
        )
        AND (
          "t18"."at_5" > "t18"."at_17"
        ),
        "t18"."at_5" - "t18"."at_17",
        NULL
      )
    ),
    0
  ) AS "grown_5",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_17" > 0
        )
        AND (
          "t18"."at_5" > 0
        )
        AND (
          "t18"."at_5" < "t18"."at_17"
        ),
        "t18"."at_17" - "t18"."at_5",
        NULL
      )
    ),
    0
  ) AS "shrunk_5",
  COALESCE(SUM(IFF("t18"."at_18" > 0, 1, 0)), 0) AS "customers_6",
  COALESCE(SUM("t18"."at_18"), 0) AS "arr_6",
  COALESCE(SUM(IFF((
    "t18"."at_18" > 0
  ) AND (
    "t18"."at_6" = 0
  ), 1, 0)), 0) AS "lost_customers_6",
  COALESCE(
    SUM(IFF((
      "t18"."at_18" > 0
    ) AND (
      "t18"."at_6" = 0
    ), "t18"."at_18", NULL)),
    0
  ) AS "lost_6",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_18" > 0
        )
        AND (
          "t18"."at_6" > 0
        )
        AND (
          "t18"."at_6" > "t18"."at_18"
        ),
        "t18"."at_6" - "t18"."at_18",
        NULL
      )
    ),
    0
  ) AS "grown_6",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_18" > 0
        )
        AND (
          "t18"."at_6" > 0
        )
        AND (
          "t18"."at_6" < "t18"."at_18"
        ),
        "t18"."at_18" - "t18"."at_6",
        NULL
      )
    ),
    0
  ) AS "shrunk_6",
  COALESCE(SUM(IFF("t18"."at_19" > 0, 1, 0)), 0) AS "customers_7",
  COALESCE(SUM("t18"."at_19"), 0) AS "arr_7",
  COALESCE(SUM(IFF((
    "t18"."at_19" > 0
  ) AND (
    "t18"."at_7" = 0
  ), 1, 0)), 0) AS "lost_customers_7",
  COALESCE(
    SUM(IFF((
      "t18"."at_19" > 0
    ) AND (
      "t18"."at_7" = 0
    ), "t18"."at_19", NULL)),
    0
  ) AS "lost_7",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_19" > 0
        )
        AND (
          "t18"."at_7" > 0
        )
        AND (
          "t18"."at_7" > "t18"."at_19"
        ),
        "t18"."at_7" - "t18"."at_19",
        NULL
      )
    ),
    0
  ) AS "grown_7",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_19" > 0
        )
        AND (
          "t18"."at_7" > 0
        )
        AND (
          "t18"."at_7" < "t18"."at_19"
        ),
        "t18"."at_19" - "t18"."at_7",
        NULL
      )
    ),
    0
  ) AS "shrunk_7",
  COALESCE(SUM(IFF("t18"."at_20" > 0, 1, 0)), 0) AS "customers_8",
  COALESCE(SUM("t18"."at_20"), 0) AS "arr_8",
  COALESCE(SUM(IFF((
    "t18"."at_20" > 0
  ) AND (
    "t18"."at_8" = 0
  ), 1, 0)), 0) AS "lost_customers_8",
  COALESCE(
    SUM(IFF((
      "t18"."at_20" > 0
    ) AND (
      "t18"."at_8" = 0
    ), "t18"."at_20", NULL)),
    0
  ) AS "lost_8",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_20" > 0
        )
        AND (
          "t18"."at_8" > 0
        )
        AND (
          "t18"."at_8" > "t18"."at_20"
        ),
        "t18"."at_8" - "t18"."at_20",
        NULL
      )
    ),
    0
  ) AS "grown_8",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_20" > 0
        )
        AND (
          "t18"."at_8" > 0
        )
        AND (
          "t18"."at_8" < "t18"."at_20"
        ),
        "t18"."at_20" - "t18"."at_8",
        NULL
      )
    ),
    0
  ) AS "shrunk_8",
  COALESCE(SUM(IFF("t18"."at_21" > 0, 1, 0)), 0) AS "customers_9",
  COALESCE(SUM("t18"."at_21"), 0) AS "arr_9",
  COALESCE(SUM(IFF((
    "t18"."at_21" > 0
  ) AND (
    "t18"."at_9" = 0
  ), 1, 0)), 0) AS "lost_customers_9",
  COALESCE(
    SUM(IFF((
      "t18"."at_21" > 0
    ) AND (
      "t18"."at_9" = 0
    ), "t18"."at_21", NULL)),
    0
  ) AS "lost_9",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_21" > 0
        )
        AND (
          "t18"."at_9" > 0
        )
        AND (
          "t18"."at_9" > "t18"."at_21"
        ),
        "t18"."at_9" - "t18"."at_21",
        NULL
      )
    ),
    0
  ) AS "grown_9",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_21" > 0
        )
        AND (
          "t18"."at_9" > 0
        )
        AND (
          "t18"."at_9" < "t18"."at_21"
        ),
        "t18"."at_21" - "t18"."at_9",
        NULL
      )
    ),
    0
  ) AS "shrunk_9",
  COALESCE(SUM(IFF("t18"."at_22" > 0, 1, 0)), 0) AS "customers_10",
  COALESCE(SUM("t18"."at_22"), 0) AS "arr_10",
  COALESCE(SUM(IFF((
    "t18"."at_22" > 0
  ) AND (
    "t18"."at_10" = 0
  ), 1, 0)), 0) AS "lost_customers_10",
  COALESCE(
    SUM(IFF((
      "t18"."at_22" > 0
    ) AND (
      "t18"."at_10" = 0
    ), "t18"."at_22", NULL)),
    0
  ) AS "lost_10",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_22" > 0
        )
        AND (
          "t18"."at_10" > 0
        )
        AND (
          "t18"."at_10" > "t18"."at_22"
        ),
        "t18"."at_10" - "t18"."at_22",
        NULL
      )
    ),
    0
  ) AS "grown_10",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_22" > 0
        )
        AND (
          "t18"."at_10" > 0
        )
        AND (
          "t18"."at_10" < "t18"."at_22"
        ),
        "t18"."at_22" - "t18"."at_10",
        NULL
      )
    ),
    0
  ) AS "shrunk_10",
  COALESCE(SUM(IFF("t18"."at_23" > 0, 1, 0)), 0) AS "customers_11",
  COALESCE(SUM("t18"."at_23"), 0) AS "arr_11",
  COALESCE(SUM(IFF((
    "t18"."at_23" > 0
  ) AND (
    "t18"."at_11" = 0
  ), 1, 0)), 0) AS "lost_customers_11",
  COALESCE(
    SUM(IFF((
      "t18"."at_23" > 0
    ) AND (
      "t18"."at_11" = 0
    ), "t18"."at_23", NULL)),
    0
  ) AS "lost_11",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_23" > 0
        )
        AND (
          "t18"."at_11" > 0
        )
        AND (
          "t18"."at_11" > "t18"."at_23"
        ),
        "t18"."at_11" - "t18"."at_23",
        NULL
      )
    ),
    0
  ) AS "grown_11",
  COALESCE(
    SUM(
      IFF(
        (
          "t18"."at_23" > 0
        )
        AND (
          "t18"."at_11" > 0
        )
        AND (
          "t18"."at_11" < "t18"."at_23"
        ),
        "t18"."at_23" - "t18"."at_11",
        NULL
      )
    ),
    0
  ) AS "shrunk_11"
FROM (
  SELECT
    "t17"."customer",
    MIN("t17"."place") AS "place",
    MIN("t17"."part") AS "part",
    COALESCE(SUM(IFF("t17"."month" <= 659, "t17"."change", NULL)), 0) AS "at_0",
    COALESCE(SUM(IFF("t17"."month" <= 658, "t17"."change", NULL)), 0) AS "at_1",
    COALESCE(SUM(IFF("t17"."month" <= 657, "t17"."change", NULL)), 0) AS "at_2",
    COALESCE(SUM(IFF("t17"."month" <= 656, "t17"."change", NULL)), 0) AS "at_3",
    COALESCE(SUM(IFF("t17"."month" <= 655, "t17"."change", NULL)), 0) AS "at_4",
    COALESCE(SUM(IFF("t17"."month" <= 654, "t17"."change", NULL)), 0) AS "at_5",
    COALESCE(SUM(IFF("t17"."month" <= 653, "t17"."change", NULL)), 0) AS "at_6",
    COALESCE(SUM(IFF("t17"."month" <= 652, "t17"."change", NULL)), 0) AS "at_7",
    COALESCE(SUM(IFF("t17"."month" <= 651, "t17"."change", NULL)), 0) AS "at_8",
    COALESCE(SUM(IFF("t17"."month" <= 650, "t17"."change", NULL)), 0) AS "at_9",
    COALESCE(SUM(IFF("t17"."month" <= 649, "t17"."change", NULL)), 0) AS "at_10",
    COALESCE(SUM(IFF("t17"."month" <= 648, "t17"."change", NULL)), 0) AS "at_11",
    COALESCE(SUM(IFF("t17"."month" <= 647, "t17"."change", NULL)), 0) AS "at_12",
    COALESCE(SUM(IFF("t17"."month" <= 646, "t17"."change", NULL)), 0) AS "at_13",
    COALESCE(SUM(IFF("t17"."month" <= 645, "t17"."change", NULL)), 0) AS "at_14",
    COALESCE(SUM(IFF("t17"."month" <= 644, "t17"."change", NULL)), 0) AS "at_15",
    COALESCE(SUM(IFF("t17"."month" <= 643, "t17"."change", NULL)), 0) AS "at_16",
    COALESCE(SUM(IFF("t17"."month" <= 642, "t17"."change", NULL)), 0) AS "at_17",
    COALESCE(SUM(IFF("t17"."month" <= 641, "t17"."change", NULL)), 0) AS "at_18",
    COALESCE(SUM(IFF("t17"."month" <= 640, "t17"."change", NULL)), 0) AS "at_19",
    COALESCE(SUM(IFF("t17"."month" <= 639, "t17"."change", NULL)), 0) AS "at_20",
    COALESCE(SUM(IFF("t17"."month" <= 638, "t17"."change", NULL)), 0) AS "at_21",
    COALESCE(SUM(IFF("t17"."month" <= 637, "t17"."change", NULL)), 0) AS "at_22",
    COALESCE(SUM(IFF("t17"."month" <= 636, "t17"."change", NULL)), 0) AS "at_23"
  FROM (
    SELECT
      "t16"."customer",
      "t16"."month",
      "t16"."change",
      "t16"."after",
      "t16"."sold",
      "t14"."place",
      "t14"."part"
    FROM (
      SELECT
        "t13"."customer",
        "t13"."month",
        "t13"."change",
        "t13"."after",
        MIN("t13"."month") OVER (
          PARTITION BY "t13"."customer"
          ORDER BY "t13"."month" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS "sold"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t10"."customer",
            "t10"."month",
            GREATEST("t10"."sum", 0) - GREATEST("t10"."sum" - "t10"."change", 0) AS "change",
            GREATEST("t10"."sum", 0) AS "after"
          FROM (
            SELECT
              "t9"."customer",
              "t9"."month",
              "t9"."change",
              SUM("t9"."change") OVER (
                PARTITION BY "t9"."customer"
                ORDER BY "t9"."month" ASC
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
              ) AS "sum"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t7"."customer",
                  "t7"."month",
                  COALESCE(SUM("t7"."change"), 0) AS "change"
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t4"."customer",
                      "t4"."begin" AS "month",
                      "t4"."yearly" AS "change"
                    FROM "t2" AS "t4"
                    WHERE
                      (
                        "t4"."end" IS NULL
                      ) OR (
                        "t4"."end" > "t4"."begin"
                      )
                  ) AS "t5"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t4"."customer",
                      "t4"."end" AS "month",
                      -(
                        "t4"."yearly"
                      ) AS "change"
                    FROM "t2" AS "t4"
                    WHERE
                      (
                        (
                          "t4"."end" IS NULL
                        ) OR (
                          "t4"."end" > "t4"."begin"
                        )
                      )
                      AND "t4"."end" IS NOT NULL
                  ) AS "t6"
                ) AS "t7"
                GROUP BY
                  1,
                  2
              ) AS "t8"
              WHERE
                "t8"."change" <> 0
            ) AS "t9"
          ) AS "t10"
        ) AS "t11"
        WHERE
          "t11"."change" <> 0
      ) AS "t13"
    ) AS "t16"
    INNER JOIN (
      SELECT
        "t3"."customer",
        CAST(CASE
          WHEN "t3"."of_0" = GREATEST("t3"."of_0", "t3"."of_1")
          THEN 0
          WHEN "t3"."of_1" = GREATEST("t3"."of_0", "t3"."of_1")
          THEN 1
          ELSE 0
        END AS BIGINT) AS "place",
        (
          (
            (
              (
                LENGTH("t3"."customer") % 64
              ) * 82451
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          0 + 1
                        ) >= 1,
                        0 + 1,
                        0 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          1 + 1
                        ) >= 1,
                        1 + 1,
                        1 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          2 + 1
                        ) >= 1,
                        2 + 1,
                        2 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          3 + 1
                        ) >= 1,
                        3 + 1,
                        3 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          4 + 1
                        ) >= 1,
                        4 + 1,
                        4 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          5 + 1
                        ) >= 1,
                        5 + 1,
                        5 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          6 + 1
                        ) >= 1,
                        6 + 1,
                        6 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          7 + 1
                        ) >= 1,
                        7 + 1,
                        7 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          8 + 1
                        ) >= 1,
                        8 + 1,
                        8 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          9 + 1
                        ) >= 1,
                        9 + 1,
                        9 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          10 + 1
                        ) >= 1,
                        10 + 1,
                        10 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
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
                      RIGHT(CONCAT('............', LOWER("t3"."customer")), 12),
                      IFF(
                        (
                          11 + 1
                        ) >= 1,
                        11 + 1,
                        11 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t3"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 402204
            )
          ) % 1000003
        ) % 16 AS "part"
      FROM (
        SELECT
          "t1"."customer",
          COALESCE(SUM(IFF("t1"."place" = 0, "t1"."yearly", NULL)), 0) AS "of_0",
          COALESCE(SUM(IFF("t1"."place" = 1, "t1"."yearly", NULL)), 0) AS "of_1"
        FROM (
          SELECT
            LOWER("t0"."customer") AS "customer",
            CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
            "t0"."yearly"
          FROM "subscriptions" AS "t0"
          WHERE
            "t0"."started" <= DATE_FROM_PARTS(2024, 12, 31) AND "t0"."yearly" > 0
        ) AS "t1"
        GROUP BY
          1
      ) AS "t3"
    ) AS "t14"
      ON "t16"."customer" = "t14"."customer"
  ) AS "t17"
  GROUP BY
    1
) AS "t18"
GROUP BY
  1,
  2
