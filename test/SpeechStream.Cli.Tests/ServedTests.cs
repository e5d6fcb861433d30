using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Tests with a folder and a gateway of their own.</summary>
public abstract class ServedTests : FolderTests
{
    private protected LocalGateway Gateway { get; private set; } = null!;

    private protected virtual LocalGatewayOptions Settings => new();

    public override async ValueTask InitializeAsync() => Gateway = await LocalGateway.StartAsync(Settings);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // A test that is skipped has none.
        await (Gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    private protected string[] Endpoint(string speed) => ["--endpoint", Gateway.Endpoint.ToString(), "--speed", speed];
}
