-- The projects' own tables are in a separate database. This user creates the roles of the projects.
CREATE DATABASE tenants;
ALTER ROLE aerocall CREATEROLE;
