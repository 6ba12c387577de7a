-- Page views of the troubleshooting guides, counted per step and day. Nothing identifies a visitor.

create table guide_page_view (
    day date not null,
    -- the path without the language, such as `outgoing/yes/abroad`
    path text not null check (length(path) between 1 and 500),
    views bigint not null check (views > 0),
    primary key (day, path)
);
