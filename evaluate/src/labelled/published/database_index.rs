use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "database index",
    kind: Kind::Text,
    question: "What does an index do in a relational database, and when would you rather not add one?",
    key_points: &[
        ("avoids a full table scan / finds rows without reading the whole table", 2.0),
        ("usually a B-tree / balanced tree / sorted structure", 1.0),
        ("slows down writes: inserts and updates must maintain it", 2.0),
        ("takes disk space / memory / storage", 1.0),
        ("useless for low selectivity / few distinct values", 1.0),
        ("small tables do not need one", 0.5),
        ("check with the query plan / EXPLAIN", 1.0),
    ],
    reference: Some(
        "An index is an extra sorted structure, usually a B-tree, that lets the database find the rows for a condition \
         without scanning the whole table. It also helps with sorting and joins. The price is paid on every write, since \
         inserts, updates and deletes have to maintain it, and in disk space and cache. I would not add one to a small \
         table, to a table that is mostly written and rarely read, or on a column with few distinct values such as a \
         boolean, because the planner will ignore it. Before and after I look at the query plan with EXPLAIN.",
    ),
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "An index is a separate data structure, in most databases a B-tree, which keeps the values of one or more \
                   columns sorted together with pointers to the rows. So for something like WHERE email = 'x' the engine \
                   goes down the tree in a few page reads instead of scanning the full table, and it can also use the order \
                   for ORDER BY or a range. It isn't free though: each insert, and each update of the indexed column, has \
                   to change the index as well, and it needs storage and competes for the buffer cache. Therefore I \
                   wouldn't add one on a table that is written a lot and read rarely, like an audit log, nor on a tiny \
                   table, nor on a column with low selectivity, for example a boolean is_active, because reading half of \
                   the table through the index is slower than a scan. I'd confirm with EXPLAIN ANALYZE that the query \
                   plan really uses it.",
        },
        LabelledAnswer {
            rank: 2,
            text: "It lets the database look up rows without going through the whole table, usually with a B-tree. The cost \
                   is slower writes, because inserts and updates have to keep the index current, and some disk. I'd skip \
                   it on write-heavy or small tables and on columns with few distinct values.",
        },
        LabelledAnswer {
            rank: 3,
            text: "Indexs make querys faster. Instead of reading every row the databse can jump directly to the right one, \
                   similar to the index at the end of a book. But if you have too many of them then inserting data gets \
                   slow becuase all of them have to be updated.",
        },
        LabelledAnswer {
            rank: 4,
            text: "Index makes things fast. I always put an index on the columns I search by, and on the primary key there \
                   is one automatically. I can't think of a case where I'd not want it, maybe when you don't need the \
                   speed.",
        },
        LabelledAnswer {
            rank: 5,
            text: "A relational database consists of tables and the tables consist of rows and columns. Every table should \
                   have a primary key, and tables refer to one another with foreign keys. When designing a database it is \
                   important to normalise it, so first normal form, second normal form and third normal form, so that no \
                   data is stored twice. I have worked with MySQL, PostgreSQL and Oracle during my career and in all of \
                   them I wrote many queries with joins and stored procedures. The index is something the database \
                   administrators at my company took care of, they add it for backup so the data is not lost when the \
                   server crashes. So I would not add one when there is a good backup of the data already.",
        },
        LabelledAnswer {
            rank: 6,
            text: "In my free time I like hiking and I am a quick learner and a real team player. I am sure I could learn \
                   this within my first weeks at your company.",
        },
    ],
};
