alter table accounts drop column display_name;
