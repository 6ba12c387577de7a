//! `dzwoni staff add`

use anyhow::bail;
use dzwoni::{
    clock::Clock,
    db::Db,
    staff::{self, StaffRole},
};

/// Adds an account if there is none with this e-mail address, and prints a link for setting the password.
pub(crate) async fn add_staff(
    db: &Db,
    email: &str,
    name: &str,
    role: StaffRole,
    public_url: &str,
) -> anyhow::Result<()> {
    let now = Clock::System.now();
    db.migrate().await?;
    let mut tx = db.begin().await?;
    let id = match staff::insert(&mut tx, email, name, role, now).await? {
        Some(id) => id,
        None => match staff::find_by_email(&mut tx, email).await? {
            Some(account) => account.id,
            None => bail!("the account {email} is disabled; enable it on the accounts page"),
        },
    };
    let link = staff::accounts::create_invitation_link(public_url, &mut tx, id, now).await?;
    tx.commit().await?;
    println!("This link sets the password. It works once, within three days:\n{link}");
    Ok(())
}
