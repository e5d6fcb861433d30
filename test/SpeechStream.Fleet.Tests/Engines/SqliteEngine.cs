using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Engines;

internal sealed class SqliteEngine : Engine
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-fleet-");
    private readonly ManualTimeProvider _clock = new();

    public SqliteEngine() => Database = FleetDatabase.Open($"sqlite:{Path.Combine(_folder.FullName, "fleet.db")}", _clock);

    public override FleetDatabase Database { get; }

    public override TimeProvider Clock => _clock;

    public override Task AdvanceAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
