DROP TABLE invocations;
DROP TABLE project_settings;
DROP TABLE secrets;
DROP TABLE mail_templates;
DROP TABLE mails;
DROP TABLE jobs;
