\ir hello.sql
