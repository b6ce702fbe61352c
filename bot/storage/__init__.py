"""The only room with SQL on our database: tables, repositories, migrations."""
