using System.Net;
using System.Net.Sockets;
using System.Text;
using SpeechStream.Fleet.Recordings;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>Recordings behind links.</summary>
public sealed class LinkTests
{
    // The id of the message that a recording has failed.
    private const int HasFailed = 3;

    [Fact]
    public async Task A_broken_download_continues_where_it_broke()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var samples = Sound.Samples(20, 1);
        using var server = new Server(Sound.Wave(samples));
        await fixture.Fleet.SubmitAsync(new Recording("a", new Uri($"{server.Address}a.wav?signature=secret")));

        await fixture.RunAsync();

        await fixture.ShouldBeAsync("a", samples);
        server.Requests.Should().HaveCountGreaterThan(1);
        server.Requests[1].Should().Contain("Range: bytes=").And.Contain("If-Range: \"v1\"");
        fixture.Log.Text.Should().NotContain("secret");
        (await fixture.Fleet.FindAsync("a")).ToString().Should().NotContain("secret");
    }

    [Fact]
    public async Task A_download_that_falls_silent_continues_on_another_connection()
    {
        var file = Sound.Wave(Sound.Samples(8, 1));
        using var server = new Server(file);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await using var recording = await HttpRecording.OpenAsync(new Uri($"{server.Address}stalls"), http, TestContext.Current.CancellationToken);
        var read = new MemoryStream();

        await recording.CopyToAsync(read, TestContext.Current.CancellationToken).WaitAsync(WorkerFixture.Limit, TestContext.Current.CancellationToken);

        read.ToArray().Should().Equal(file);
    }

    [Fact]
    public async Task A_download_that_continues_elsewhere_than_where_it_broke_has_failed()
    {
        using var server = new Server(Sound.Wave(Sound.Samples(8, 1)));
        using var http = new HttpClient();
        await using var recording = await HttpRecording.OpenAsync(new Uri($"{server.Address}whole"), http, TestContext.Current.CancellationToken);

        await recording.Invoking(recording => recording.CopyToAsync(Stream.Null)).Should().ThrowAsync<HttpRequestException>().WithMessage("The connection broke, and the server can't continue*");
    }

    [Fact]
    public async Task An_expired_link_is_poison_and_can_be_replaced()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var samples = Sound.Samples(4, 1);
        using var server = new Server(Sound.Wave(samples));
        await fixture.Fleet.SubmitAsync(new Recording("a", new Uri($"{server.Address}expired")));
        await fixture.RunAsync();
        var job = await fixture.Fleet.FindAsync("a");
        (job.State, job.Error).Should().Be((JobState.Poison, "The link answered 403. If it has expired, submit the recording again with a new link, and retry it."));

        await fixture.Fleet.SubmitAsync(new Recording("a", new Uri($"{server.Address}a.wav")));
        await fixture.Fleet.RetryAsync("a");
        await fixture.RunAsync();

        await fixture.ShouldBeAsync("a", samples);
    }

    [Fact]
    public async Task A_refused_account_is_told_while_the_rest_of_a_recording_is_waited_for()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        using var server = new Server(Sound.Wave(Sound.Samples(20, 1)));
        using var stop = new CancellationTokenSource();
        await fixture.Fleet.SubmitAsync(new Recording("a", new Uri($"{server.Address}stalls")));
        fixture.Log.Logged = id =>
        {
            if (id == HasFailed)
            {
                stop.Cancel();
            }
        };

        await fixture.RunAsync(configure: options => options.Credential = SpeechCredential.FromDelegate(_ => throw new InvalidOperationException("Refused.")), stop: stop.Token);

        fixture.Log.Text.Should().Contain("a failed on attempt 1: The credential's function failed to give a token.");
    }

    /// <summary>A server that breaks each answer after 100,000 bytes, or says nothing more then.</summary>
    private sealed class Server : IDisposable
    {
        private const int Most = 100_000;
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _file;

        public Server(byte[] file)
        {
            _file = file;
            _listener.Start();
            _ = ServeAsync();
        }

        public List<string> Requests { get; } = [];

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            var head = new byte[8192];
            var request = Encoding.ASCII.GetString(head, 0, await stream.ReadAsync(head));
            Requests.Add(request);
            if (request.StartsWith("GET /expired", StringComparison.Ordinal))
            {
                await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                return;
            }

            var from = request.Split("Range: bytes=") is [_, var range, ..] ? int.Parse(range.Split('-')[0], null) : 0;
            var status = from > 0 ? "206 Partial Content" : "200 OK";
            if (request.StartsWith("GET /whole", StringComparison.Ordinal))
            {
                (status, from) = ($"{status}\r\nContent-Range: bytes 0-{_file.Length - 1}/{_file.Length}", 0);
            }

            var answer = $"HTTP/1.1 {status}\r\nETag: \"v1\"\r\nContent-Length: {_file.Length - from}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            await stream.WriteAsync(_file.AsMemory(from, Math.Min(Most, _file.Length - from)));
            if (request.StartsWith("GET /stalls", StringComparison.Ordinal))
            {
                await stream.CopyToAsync(Stream.Null); // until the client has gone
            }
        }
    }
}
