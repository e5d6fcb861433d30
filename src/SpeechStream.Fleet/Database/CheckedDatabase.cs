namespace SpeechStream.Fleet.Database;

/// <summary>The database of a fleet, in which nothing is read or written before it is known that its tables are those of this version.</summary>
internal sealed class CheckedDatabase(FleetDatabase database, Schema schema) : FleetDatabase
{
    private volatile bool _isChecked;

    public override Dialect Dialect => database.Dialect;

    public override async Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!_isChecked)
        {
            await schema.ReadAsync(cancellationToken).ConfigureAwait(false);
            _isChecked = true;
        }

        return await database.RunAsync(work, cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync() => database.DisposeAsync();
}
