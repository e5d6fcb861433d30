[assembly: AssemblyFixture(typeof(SpeechStream.Fleet.Tests.Engines.PostgresFixture))]

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>One server for all tests with PostgreSQL.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    internal PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync() => _server = PostgresServer.Missing is null ? await PostgresServer.StartAsync() : null;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
