/** A table `all_types` with a column of each type, and rows of usual and of unusual values. */
export const allTypesSql = `
create extension if not exists hstore; create extension if not exists citext;
create type feeling as enum ('sad','ok','happy'); create type couple as (x int, y text);
create domain posint as integer check (value > 0); create domain shorttext as varchar(7);
create table all_types (
 id integer primary key,
 c_bool boolean, c_smallint smallint, c_int integer, c_bigint bigint,
 c_numeric numeric, c_numeric_10_2 numeric(10,2), c_numeric_120_50 numeric(120,50), c_real real, c_double double precision,
 c_text text, c_varchar varchar, c_varchar20 varchar(20), c_char5 char(5), c_name name,
 c_uuid uuid, c_json json, c_jsonb jsonb, c_bytea bytea,
 c_date date, c_time time, c_timetz timetz, c_ts timestamp, c_tstz timestamptz, c_interval interval,
 c_int_arr integer[], c_text_arr text[], c_numeric_arr numeric(10,2)[], c_ts_arr timestamp[], c_date_arr date[], c_json_arr json[], c_bool_arr boolean[],
 c_uuid_arr uuid[], c_enum_arr feeling[], c_int_arr2 integer[][],
 c_enum feeling, c_hstore hstore, c_money money, c_inet inet, c_cidr cidr, c_macaddr macaddr, c_citext citext,
 c_int4range int4range, c_tstzrange tstzrange, c_domain posint, c_domain_txt shorttext, c_composite couple, c_point point, c_xml xml, c_tsvector tsvector,
 c_oid oid, c_class regclass, c_bit1 bit(1), c_bit4 bit(4), c_varbit varbit(8),
 c_gen integer generated always as (id*2) stored
);`;

/** Rows for it. */
export const allTypesRows = String.raw`
insert into all_types values
(1,true,-32768,2147483647,9223372036854775807,12345678901234567890.123456789012345678901234567890,1234.50,1.5,1.1,1.1,
 E'caf\u00e9 \u2603 "q" \n\t\\','v','v20','ab','nm','A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11','{"b":1,  "a":[1,2.50,null]}','{"b":1,"a":[1,2.50,null]}','\xdeadbeef',
 '2023-04-05','12:34:56.789','12:34:56.5+02','2023-04-05 06:07:08.123456','2023-04-05 06:07:08.123456+03','1 year 2 mons 3 days 04:05:06.7',
 '{1,NULL,3}','{"a","b,c",NULL,"d\"e"}','{1.50,2.25}','{"2023-04-05 06:07:08"}','{"2023-04-05"}',array['{"a":1}'::json],'{t,f,NULL}',
 '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}','{sad,happy}','{{1,2},{3,4}}',
 'ok','"a"=>"1","b"=>NULL','1234.56','192.168.1.5/24','10.0.0.0/8','08:00:2b:01:02:03','CiText',
 '[1,5)','[2023-01-01,2023-02-01)',7,'dom','(1,"two words")','(1.5,-2)','<a>1</a>','hello world',42,'all_types',B'1',B'1010',B'101'),
(2,false,32767,-2147483648,-9223372036854775808,'NaN',-0.01,null,'NaN','Infinity','','','','','','00000000-0000-0000-0000-000000000000','null','"str"','\x',
 'infinity','24:00:00','24:00:00+00','infinity','infinity','-1 day','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}',
 'sad','','-0.01','::1','::/0','08:00:2b:01:02:03','','empty','(,)',1,'','(,)','(0,0)','<a/>','',0,0,B'0',B'0000',B'');
insert into all_types (id, c_numeric, c_real, c_double, c_json, c_jsonb, c_date, c_time, c_timetz, c_ts, c_tstz) values
(3,0,'-Infinity','-Infinity','[1,2]','1.10','0044-03-15 BC','00:00','00:00+00','-infinity','-infinity'),
(4,1e30,1e30,1e-10,'true','{}','9999-12-31','23:59:59.999999','23:59:59.999999-15:59','0044-03-15 01:02:03 BC','20000-01-01 00:00:00+00'),
(5,0.1,0.1,0.1,'12345678901234567890','12345678901234567890.5','2000-02-29','01:02:03','01:02:03.004+05:30','9999-12-31 23:59:59.999999','9999-12-31 23:59:59.9995+00');`;
