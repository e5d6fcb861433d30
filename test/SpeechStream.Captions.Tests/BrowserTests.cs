using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace SpeechStream.Captions.Tests;

/// <summary>Our WebVTT in the <c>track</c> of a real browser.</summary>
public sealed class BrowserTests
{
    private const string Page = """
        <!DOCTYPE html><meta charset=utf-8>
        <video id=video src=silence.wav width=640 height=360><track id=track default kind=captions src=captions.vtt></video>
        <script>
          const texts = cues => [...cues].map(cue => cue.getCueAsHTML().textContent).join();
        </script>
        """;

    [Fact]
    public async Task Chromium_shows_the_cues_in_their_time()
    {
        var cues = Speech.Captions(
            [
                Sentence(1, 0, 900, "大家好，欢迎参加今天的会议。我们讨论 R&D <b> --> 的 50%。"),
                Sentence(2, 2000, 2500, "مرحبا بكم 👨‍👩‍👧‍👦"),
                Sentence(3, 3500, 4000, "Good bye."),
            ],
            new() { Speaker = "Ann & <Bob>" });
        await using var server = await ServeAsync(await WrittenAsync(cues));
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, server);

        var parsed = await page.EvaluateAsync<string[]>(
            "[...track.track.cues].map(cue => [cue.startTime.toFixed(3), cue.endTime.toFixed(3), cue.getCueAsHTML().querySelector('span').title, cue.getCueAsHTML().textContent].join('|'))");

        parsed.Should().Equal(cues.Select(cue => FormattableString.Invariant($"{cue.Start.TotalSeconds:0.000}|{cue.End.TotalSeconds:0.000}|{cue.Speaker}|{cue.Text}")));
        foreach (var cue in cues)
        {
            await ShowsAsync(page, cue.Start + TimeSpan.FromMilliseconds(10), cue.Text);
            await ShowsAsync(page, cue.End - TimeSpan.FromMilliseconds(10), cue.Text);
            await ShowsAsync(page, cue.End + TimeSpan.FromMilliseconds(10), "");
        }
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_shown_as_far_as_it_is()
    {
        var cues = Speech.Captions([Sentence(1, 0, 1000, "One."), Sentence(2, 2000, 3000, "Two."), Sentence(3, 4000, 5000, "Three.")], new());
        await using var chromium = await Chromium.StartAsync();

        for (var count = 0; count <= cues.Count; count++)
        {
            await using var server = await ServeAsync(await WrittenAsync(cues.Take(count)));
            var page = await OpenAsync(chromium, server);

            (await page.EvaluateAsync<int>("track.readyState")).Should().Be(2, "it is loaded, and not an error");
            (await page.EvaluateAsync<string[]>("[...track.track.cues].map(cue => cue.text)")).Should().Equal(cues.Take(count).Select(cue => cue.Text));
        }
    }

    private static async Task ShowsAsync(IPage page, TimeSpan at, string text)
    {
        await page.EvaluateAsync("seconds => { video.currentTime = seconds; }", at.TotalSeconds);
        await page.WaitForFunctionAsync("text => !video.seeking && texts(track.track.activeCues) === text", text);
    }

    private static async Task<IPage> OpenAsync(Chromium chromium, WebApplication server)
    {
        var page = await chromium.OpenAsync(server.Urls.Single());
        await page.WaitForFunctionAsync("track.readyState >= 2 && video.readyState >= 2");
        return page;
    }

    private static SentenceEnd Sentence(int index, int begin, int end, string text) =>
        new() { Index = index, BeginTime = TimeSpan.FromMilliseconds(begin), Time = TimeSpan.FromMilliseconds(end), Text = text };

    private static async Task<byte[]> WrittenAsync(IEnumerable<Cue> cues)
    {
        var stream = new MemoryStream();
        var writer = new WebVttWriter(stream);
        foreach (var cue in cues)
        {
            await writer.WriteAsync(cue);
        }

        return stream.ToArray();
    }

    private static async Task<WebApplication> ServeAsync(byte[] captions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.MapGet("/", () => TypedResults.Content(Page, "text/html"));
        server.MapGet("/captions.vtt", () => TypedResults.Bytes(captions, "text/vtt"));
        server.MapGet("/silence.wav", () => TypedResults.Bytes(Silence(seconds: 6), "audio/wav", enableRangeProcessing: true));
        await server.StartAsync();
        return server;
    }

    private static byte[] Silence(int seconds)
    {
        const int rate = 8000;
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF"u8);
        writer.Write(36 + (seconds * rate * 2));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(seconds * rate * 2);
        writer.Write(new byte[seconds * rate * 2]);
        return wav.ToArray();
    }
}
