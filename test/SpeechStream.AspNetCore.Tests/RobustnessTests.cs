using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SpeechStream.AspNetCore.Tests;

public sealed class RobustnessTests
{
    private static readonly string[] Controls =
    [
        """{"type":"start"}""", """{"type":"end"}""", """{"v":1,"type":"resume","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","sentences":3,"time":2000.5,"seen":9}""",
    ];

    [Fact]
    public async Task Damaged_messages_never_end_the_server()
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { MaxSessionsPerUser = int.MaxValue, GraceTime = TimeSpan.Zero });
        var samples = new List<byte[]>();
        Mutation.Check([.. Controls.Select(Encoding.UTF8.GetBytes)], samples.Add);

        foreach (var group in samples.Chunk(8))
        {
            await Task.WhenAll(group.Select(sample => TryAsync(server, sample)));
        }

        await WorksAsync(server);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("""{"type":"resume"}""")]
    [InlineData("""{"type":"resume","key":"short"}""")]
    [InlineData("""{"type":"resume","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","time":-1}""")]
    [InlineData("""{"type":"resume","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","time":1e300}""")]
    [InlineData("""{"type":"resume","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","sentences":2147483647}""")]
    [InlineData("""{"type":"begin"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_message_that_cannot_be_read_is_told_and_ends_the_connection(string message)
    {
        await using var server = await Server.StartAsync();
        using var page = await Page.OpenAsync(server);

        await page.SendTextAsync(Encoding.UTF8.GetBytes(message));

        (await page.ReadToEndAsync()).Should().ContainSingle().Which.GetProperty("status").GetInt32().Should().Be(400);
        page.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_in_the_middle_keeps_the_session()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        var page = new KeepingPage(Speech.Noise(3));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(50_000);
        await page.SayAsync(new { type = "start" });
        await page.WaitForCloseAsync();

        (await page.ConnectAsync(server)).GetProperty("resumed").GetBoolean().Should().BeTrue();
        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task A_message_without_an_end_is_not_collected()
    {
        await using var server = await Server.StartAsync();
        using var page = await Page.OpenAsync(server);

        await page.SendTextAsync(new byte[1024 * 1024]);

        (await page.ReadToEndAsync()).Should().ContainSingle().Which.GetProperty("status").GetInt32().Should().Be(400);
    }

    [Fact]
    public async Task Bytes_that_are_no_whole_samples_go_on_in_the_next_message()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(3);

        await page.SendAsync(audio, piece: 1001);
        await page.EndAsync();

        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Audio_that_the_session_cannot_take_is_told_and_ends_the_connection()
    {
        await using var server = await Server.StartAsync();
        using var page = await Page.OpenAsync(server);

        // A WAV in place of samples, in pieces: what comes after the first piece is written to a session that has failed.
        var wave = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"));
        await page.SendAsync(wave.AsMemory(0, 64_000));

        (await page.ReadToEndAsync()).Should().ContainSingle(message => message.IsType("error")).Which.GetProperty("status").GetInt32().Should().Be(415);
        page.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_flood_waits_in_the_network_and_delays_nobody()
    {
        await using var server = await Server.StartAsync();
        using var flooding = await Page.OpenAsync(server);
        var flood = FloodAsync(flooding);

        await WorksAsync(server);
        var taken = (await flooding.ReadAsync("received")).GetProperty("received").GetInt64();
        await WorksAsync(server);

        taken.Should().BeLessThan(2_000_000, "a session takes real time, and the rest waits");
        flooding.Cut();
        await flood.ContinueWith(_ => { }, TaskScheduler.Default).Within("the flood to end");
    }

    [Fact]
    public async Task A_flood_of_empty_messages_is_limited()
    {
        var time = new ManualTimeProvider();
        var allowance = new Sessions.ByteAllowance(64 * 100, time);

        for (var i = 0; i < 100; i++)
        {
            allowance.TakeAsync(0, CancellationToken.None).AsTask().IsCompleted.Should().BeTrue();
        }

        var waiting = allowance.TakeAsync(0, CancellationToken.None).AsTask();
        waiting.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.5));
        await waiting.Within("the allowance");
    }

    private static async Task WorksAsync(Server server)
    {
        using var page = await Page.OpenAsync(server, "?format=pcm");
        await page.SayAsync(new { type = "start" });
        await page.SendAsync(Speech.Noise(0.5));
        await page.EndAsync();
        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(Speech.Noise(0.5)));
    }

    private static async Task TryAsync(Server server, byte[] sample)
    {
        using var page = await Page.OpenAsync(server);
        try
        {
            await page.SendTextAsync(sample);
            await page.SendAsync(sample);
            await page.CloseAsync(WebSocketCloseStatus.NormalClosure);
        }
        catch (WebSocketException)
        {
            // The server may end the connection, and nothing else.
        }
    }

    private static async Task FloodAsync(Page page)
    {
        var zeros = new byte[64 * 1024];
        for (var i = 0; i < 1000; i++)
        {
            await page.SendAsync(zeros, zeros.Length);
        }
    }
}
