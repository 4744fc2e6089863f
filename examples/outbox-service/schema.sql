-- The tables of the service, next to the schema `vambe` in the same database, and the role that it logs in with.
create table products (name text primary key);
insert into products values ('lamp'), ('table');

-- The product is checked at the commit: after the update was enqueued.
create table orders (
  id      bigint primary key,
  product text not null references products deferrable initially deferred
);

-- It may enqueue, and neither read nor change the queue.
create role outbox_service login in role vambe_enqueue;
grant select on products to outbox_service;
grant select, insert on orders to outbox_service;
