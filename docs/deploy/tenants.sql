-- The projects' own tables are in a database of their own. Roles of projects are made by this user.
CREATE DATABASE tenants;
ALTER ROLE aerocall CREATEROLE;
