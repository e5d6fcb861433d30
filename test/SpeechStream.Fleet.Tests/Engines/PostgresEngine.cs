using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>A database of its own in the server. Its clock is the server's, so time passes by making everything in it older.</summary>
internal sealed class PostgresEngine : Engine
{
    private static int Databases;

    private PostgresEngine(FleetDatabase database) => Database = database;

    public override FleetDatabase Database { get; }

    public override TimeProvider Clock => TimeProvider.System;

    public static async Task<PostgresEngine> CreateAsync(PostgresServer server)
    {
        var name = $"test{Interlocked.Increment(ref Databases)}";
        await PostgresStatements.ExecuteAsync(server.Address, $"create database {name}");
        return new PostgresEngine(FleetDatabase.Open(server.AddressOf(name), TimeProvider.System));
    }

    public override async Task AdvanceAsync(TimeSpan time)
    {
        var ms = (long)time.TotalMilliseconds;
        await ExecuteAsync(
            $"""
            update fleet_places set lease_until = lease_until - {ms};
            update fleet_waiting set until = until - {ms};
            update fleet_jobs set since = since - {ms}, not_before = not_before - {ms}, submitted_at = submitted_at - {ms}, finished_at = finished_at - {ms};
            update fleet_settings set paused_until = paused_until - {ms};
            """);
    }

    public override ValueTask DisposeAsync() => Database.DisposeAsync();
}
