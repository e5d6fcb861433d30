using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>A worker with two sessions, of which one can't end before both run.</summary>
public sealed class SessionTests
{
    // Where the first sentence ends, so that a pause there changes no sentence.
    private const int BytesBeforePause = 64_000;

    [Fact]
    public async Task Recordings_are_transcribed_as_one_session_each()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var raw = Sound.Samples(11, 9);
        var serving = ServeAsync(server, raw, fixture.Gateway);
        await fixture.Fleet.SubmitAsync(new Recording("raw.pcm", new Uri($"http://{server.LocalEndpoint}/raw.pcm")));
        var samples = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => fixture.SubmitAsync($"{number}.wav", 11, number)));
        await fixture.SubmitAsync("file.pcm", samples[0]);

        await fixture.RunAsync(speed: 10);

        await serving;
        for (var number = 0; number < 5; number++)
        {
            await fixture.ShouldBeAsync($"{number}.wav", samples[number]);
        }

        await fixture.ShouldBeAsync("file.pcm", samples[0]);
        await fixture.ShouldBeAsync("raw.pcm", raw);
        (fixture.Gateway.StartedTasks, fixture.Gateway.PeakTasks).Should().Be((7, 2));
        var sentence = (await fixture.Fleet.ReadTranscriptAsync("0.wav"))[0];
        sentence.Words.Should().NotBeEmpty();
        sentence.Confidence.Should().NotBeNull();
    }

    /// <summary>Sends the first sentence, and the rest when two sessions have run at once.</summary>
    private static async Task ServeAsync(TcpListener server, byte[] samples, LocalGateway gateway)
    {
        using var client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[8192], 1, cancellationToken: TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {samples.Length}\r\nConnection: close\r\n\r\n")));
        await stream.WriteAsync(samples.AsMemory(0, BytesBeforePause), TestContext.Current.CancellationToken);
        await WorkerFixture.UntilAsync(() => Task.FromResult(gateway.PeakTasks == 2));
        await stream.WriteAsync(samples.AsMemory(BytesBeforePause), TestContext.Current.CancellationToken);
    }
}
