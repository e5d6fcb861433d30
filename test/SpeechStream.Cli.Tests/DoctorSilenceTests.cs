using System.Net;
using System.Net.Sockets;

namespace SpeechStream.Cli.Tests;

/// <summary>Peers that say nothing. Only they are waited for in vain, so that the other tests may wait long.</summary>
public sealed class DoctorSilenceTests
{
    private static CommandLine Impatient => new() { SilencePatience = TimeSpan.FromSeconds(4) };

    [Fact]
    public async Task An_address_that_does_not_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a full queue refuses.");

        // With one connection in the queue of the listener, the next ones are dropped, as a firewall drops them.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);

        (await Doctor.FailureAsync(Impatient, 11, "--endpoint", $"wss://{listener.LocalEndPoint}/ws/v1")).Should().Contain("doesn't answer in 2 s").And.Contain("HTTPS_PROXY");
    }

    [Fact]
    public async Task An_interrupt_is_not_kept_waiting()
    {
        await using var server = new LocalServer(_ => null);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine();

        var running = command.RunAsync(interrupt.Token, "doctor", "--endpoint", $"ws://127.0.0.1:{server.Port}/ws/v1");
        SpinWait.SpinUntil(() => command.OutputLines.Length == 3 && server.HasRequest, TimeSpan.FromMinutes(1));
        await interrupt.CancelAsync();

        (await running).Should().Be(130);
        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("interrupted");
    }

    [Fact]
    public async Task A_port_that_is_silent()
    {
        await using var server = new LocalServer(_ => null);

        (await Doctor.FailureAsync(Impatient, 13, "--endpoint", $"wss://127.0.0.1:{server.Port}/ws/v1")).Should().Contain("is silent for 4 s");
        (await Doctor.FailureAsync(Impatient, 16, "--endpoint", $"ws://127.0.0.1:{server.Port}/ws/v1")).Should().Contain("No connection").And.Contain("the time limit");
    }

    [Fact]
    public async Task A_service_that_never_starts_the_task()
    {
        await using var gateway = await DoctorTests.ScriptAsync("""{"started":false}""");

        (await Doctor.FailureAsync(Impatient, 16, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("didn't answer the start message");
    }

    [Fact]
    public async Task A_service_that_takes_audio_and_says_nothing()
    {
        await using var gateway = await DoctorTests.ScriptAsync("""{"completed":false}""");

        (await Doctor.FailureAsync(Impatient, 19, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("silent");
    }
}
