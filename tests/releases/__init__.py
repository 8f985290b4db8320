"""Data folders as earlier states of the program wrote them, one archive for each form of a file.

folders/
    format-1.tar.xz to format-4.tar.xz   an index of that form (index/storage/manifest.py,
                                         FORMAT_VERSION)
    format-5-schema-0001.tar.xz          also a database of that schema
                                         (bot/database/schema/migrations),
                                         people.key, and a text that a server brought
    format-7-schema-0001.tar.xz          the same, searched by words: without vectors
    format-8-schema-0001.tar.xz          the same, with the language of each passage
    format-9-schema-0001.tar.xz          the same, with what the next build copies from the index
    format-10-schema-0004.tar.xz and on  the same, with the later schemas
blocks/                                  an index of format 5 with lessons of blocks
backups/                                 a backup of each schema

`python -m tests.releases` adds the archive of the state it is run in: run it before a commit that
changes one of the forms, and commit what it wrote.
"""
