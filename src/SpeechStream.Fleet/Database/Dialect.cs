namespace SpeechStream.Fleet.Database;

/// <summary>What differs between the statements for the two databases. All others are the same text.</summary>
/// <param name="Now">The clock that judges leases, in milliseconds.</param>
/// <param name="SkipLocked">Locks the row that a select has found, and passes over those that others have locked.</param>
/// <param name="Serial">The type of a column that is numbered by itself.</param>
/// <param name="LockSchema">Lets one at a time create the tables. Empty where every transaction excludes all others.</param>
internal sealed record Dialect(string Now, string SkipLocked, string Serial, string LockSchema)
{
    public static Dialect Postgres { get; } = new(
        "(extract(epoch from clock_timestamp())*1000)::bigint", "for update skip locked", "bigserial", "select pg_advisory_xact_lock(7237128370)");

    // The clock of the machine is that of all its processes. It is passed in, so that tests can move it.
    public static Dialect Sqlite { get; } = new("@now", "", "integer", "");

    public string Complete(string statement) => statement
        .Replace("{now}", Now, StringComparison.Ordinal)
        .Replace("{skip}", SkipLocked, StringComparison.Ordinal)
        .Replace("{serial}", Serial, StringComparison.Ordinal);
}
