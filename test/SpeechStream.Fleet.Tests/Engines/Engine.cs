using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>A database with a fleet in it, whose clock the test moves.</summary>
internal abstract class Engine : IAsyncDisposable
{
    public abstract FleetDatabase Database { get; }

    public abstract TimeProvider Clock { get; }

    /// <summary>Lets time pass for the database.</summary>
    public abstract Task AdvanceAsync(TimeSpan time);

    public Task AdvanceAsync(double seconds) => AdvanceAsync(TimeSpan.FromSeconds(seconds));

    public Task<int> ExecuteAsync(string statement) => Database.RunAsync(statements => statements.ExecuteAsync(statement, default), default);

    public abstract ValueTask DisposeAsync();
}
