using Npgsql;

namespace SpeechStream.Fleet.Database;

/// <summary>The database of a fleet. Every call is one transaction.</summary>
internal abstract class FleetDatabase : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    public static FleetDatabase Open(string address, TimeProvider time)
    {
        var parsed = DatabaseAddress.Parse(address);
        return parsed.Path is not null ? new SqliteDatabase(parsed, time) : new PostgresDatabase(parsed);
    }

    /// <summary>Makes the database where it can be made, unless it is there.</summary>
    /// <exception cref="FleetException">It can't be made.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public virtual Task CreateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs a transaction, and commits it.</summary>
    /// <exception cref="FleetException">The database is away, or refused it. It may have been committed nevertheless, and the answer lost.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public abstract Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static FleetException Away(DatabaseAddress address, Exception cause) =>
        new($"The database of the fleet at {address} can't be reached, or is busy: {ReasonOf(cause)}", cause) { IsTransient = true };

    protected static FleetException Refused(DatabaseAddress address, Exception cause) =>
        new($"The database of the fleet at {address} refused a statement: {ReasonOf(cause)}", cause);

    protected static FleetException NotSetUp(DatabaseAddress address, Exception cause) =>
        new($"There is no fleet at {address}. Set it up once, with InitializeAsync or 'speechstream fleet init --quota N'.", cause);

    // The whole message of Npgsql asks for an option of its own.
    protected static string ReasonOf(Exception cause) => (cause is PostgresException refusal ? $"{refusal.SqlState}: {refusal.MessageText}" : cause.Message).TrimEnd('.') + '.';
}
