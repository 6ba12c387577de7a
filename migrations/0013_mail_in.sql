-- Mail in: an e-mail becomes a ticket or a message on one, though nobody filled in a form; whatever became of it, it is kept
-- where staff can see it. See src/mail.

-- What nobody can tell yet; used from the next transaction on.
alter type ticket_category add value 'unknown';

-- The fields of a ticket that may have been guessed.
create type guess as enum ('category', 'caller', 'callee', 'when', 'error', 'symptom', 'account');

alter table ticket
    -- what was read out of an e-mail by guessing, and nobody has confirmed
    add column guessed guess[] not null default '{}',
    -- an e-mail tells what it likes; only e-mails are of no known category
    drop constraint ticket_tells_what_failed,
    add constraint ticket_tells_what_failed check (
        case
            when channel = 'email' then
                (caller_kind is null) = (caller_typed is null) and (callee_kind is null) = (callee_typed is null)
                and (call_at is null) = (call_precision is null)
            when category = 'logged-out' then
                account is not null and caller_kind is null and callee_kind is null and call_at is null
            else
                category::text <> 'unknown' and account is null and caller_kind is not null and callee_kind is not null
                and caller_typed is not null and callee is not null and callee_typed is not null
                and call_at is not null and call_precision is not null and in_billing is not null
        end
    ),
    drop constraint ticket_symptom_is_of_audio,
    add constraint ticket_symptom_is_of_audio check (
        case when channel = 'email' then symptom is null or category = 'audio'
        else (symptom is not null) = (category = 'audio') end
    ),
    add constraint ticket_guesses_are_of_mail check (guessed = '{}' or channel = 'email');

-- What became of a message.
create type mail_fate as enum ('ticket', 'message', 'bounce', 'automatic', 'loop', 'flood', 'unreadable');

create table incoming_mail (
    id uuid primary key,
    at timestamptz not null,
    -- SHA-256 of its Message-ID, or of the whole message where it has none: the same one is taken once
    identity bytea not null unique check (length(identity) = 32),
    -- SHA-256 of what it says, to tell a second copy from another message under the same Message-ID
    content bytea not null check (length(content) = 32),
    fate mail_fate not null,
    -- the rule that decided, in one word
    why text not null check (why ~ '^[a-z0-9-]{1,40}$'),
    ticket_id uuid references ticket on delete cascade,
    -- the address was ours and signed, or is the ticket's own: then the ticket's customer wrote it
    trusted boolean not null default false,
    sender text not null check (length(sender) <= 254),
    sender_name text not null check (length(sender_name) <= 200),
    subject text not null check (length(subject) <= 500),
    -- what the sender wrote, and what was quoted below or between
    body text not null check (length(body) <= 200000),
    quoted text not null check (length(quoted) <= 200000),
    -- their names, types and sizes
    attachments jsonb not null default '[]' check (jsonb_typeof(attachments) = 'array'),
    -- how often the same message came again
    again integer not null default 0 check (again >= 0),
    -- of the message as it came, in bytes
    size bigint not null check (size >= 0),
    -- the message as it came, or its beginning if it was too long; null once that is forgotten
    raw bytea,
    -- staff have looked at what could not be read
    done_at timestamptz,
    done_by uuid references staff,
    constraint mail_of_a_ticket_has_one check ((fate in ('ticket', 'message')) <= (ticket_id is not null)),
    constraint mail_done_by_somebody check ((done_at is null) = (done_by is null))
);
-- what came last, of a kind or of all; from one sender within the hour; on one ticket; and what staff must look at
create index incoming_mail_in_time on incoming_mail (at desc, id desc);
create index incoming_mail_by_fate on incoming_mail (fate, at desc, id desc);
create index incoming_mail_by_sender on incoming_mail (sender, at);
create index incoming_mail_of_ticket on incoming_mail (ticket_id, at) where ticket_id is not null;
create index incoming_mail_to_look_at on incoming_mail (at) where fate = 'unreadable' and done_at is null;
create index incoming_mail_with_raw on incoming_mail (at) where raw is not null;
