using System.Buffers.Binary;
using Microsoft.Playwright;

namespace SpeechStream.Browser.Tests;

/// <summary>Recordings, and what a MediaRecorder makes.</summary>
public sealed class OtherSourceTests
{
    private static string Recording => Path.Combine(ExampleServer.Examples, "QuickStart", "ivr-prompts.wav");

    [Fact]
    public async Task A_recording_of_the_users_is_captioned_while_it_is_sent()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var proxy = new FaultProxy(server.Address);
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, proxy.Endpoint);
        var audio = (await File.ReadAllBytesAsync(Recording))[44..300_044];

        await page.Page.SetInputFilesAsync("#file", new FilePayload { Name = "talk.wav", MimeType = "audio/wav", Buffer = (await File.ReadAllBytesAsync(Recording))[..300_044] });
        await page.WaitForFinalsAsync(1);
        proxy.Cut();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(CaptionPage.Expected(audio));
    }

    [Fact]
    public async Task A_recording_goes_on_after_the_server_was_killed()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        var file = (await File.ReadAllBytesAsync(Recording))[..300_044];

        await page.Page.SetInputFilesAsync("#file", new FilePayload { Name = "talk.wav", MimeType = "audio/wav", Buffer = file });
        await page.WaitForFinalsAsync(2);
        await server.KillAsync();
        await server.RestartAsync();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(CaptionPage.Expected(file[44..]));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_any_more_is_told_and_ends_its_session()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        var file = Path.GetTempFileName();
        try
        {
            File.Copy(Recording, file, overwrite: true);
            await page.Page.SetInputFilesAsync("#file", file);
            await page.WaitForFinalsAsync(1);
            var viewer = await CaptionPage.OpenAsync(chromium, new Uri(server.Address, $"?watch={await page.IdAsync()}"));
            await viewer.WaitForFinalsAsync(1);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

            await page.WaitForStateAsync("failed");
            await viewer.WaitForStateAsync("completed");
        }
        finally
        {
            File.Delete(file);
        }

        (await page.Page.TextContentAsync("#problem")).Should().Contain("can't be read");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_that_is_stopped_is_over_for_the_server_too_though_all_of_it_was_sent(bool isTabClosed)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        var file = (await File.ReadAllBytesAsync(Recording))[..44].Concat(new byte[32_000 * 180]).ToArray(); // the network takes three minutes at once
        new Random(1).NextBytes(file.AsSpan(44));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), file.Length - 44);

        await page.Page.SetInputFilesAsync("#file", new FilePayload { Name = "talk.wav", MimeType = "audio/wav", Buffer = file });
        await page.WaitForFinalsAsync(1);
        var viewer = await CaptionPage.OpenAsync(chromium, new Uri(server.Address, $"?watch={await page.IdAsync()}"));
        await viewer.WaitForFinalsAsync(1);
        (await viewer.Page.TextContentAsync("#latency-words")).Should().Contain("reading along").And.NotContain("microphone", "it is a recording");
        if (isTabClosed)
        {
            await page.Page.CloseAsync();
        }
        else
        {
            // What isn't sticky takes another connection to another server, which can't help.
            await page.Page.EvaluateAsync("() => { const real = WebSocket; globalThis.WebSocket = function () { return new real('ws://127.0.0.1:9/'); }; }");
            await page.PressAsync();
            await page.WaitForStateAsync("completed");
        }

        await viewer.WaitForStateAsync("completed");
    }

    [Fact]
    public async Task What_a_media_recorder_makes_is_captioned_also_across_a_cut_connection()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var proxy = new FaultProxy(server.Address);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, proxy.Endpoint);

        await StartRecorderAsync(page);
        await page.WaitForFinalsAsync(1);
        proxy.Cut();
        await page.WaitForFinalsAsync(3);
        await page.Page.EvaluateAsync("recorder.stop()");
        await page.WaitForStateAsync("completed");

        (await page.StatesAsync()).Should().Contain("reconnecting");
        var sentences = await page.SentencesAsync();
        sentences.Select(sentence => sentence.Index).Should().Equal(Enumerable.Range(1, sentences.Count));
        (await page.Page.EvaluateAsync<int>("heard.gaps.length")).Should().Be(0);
    }

    [Fact]
    public async Task A_media_recorder_begins_anew_after_a_restart_and_tells_what_was_lost()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await StartRecorderAsync(page);
        await page.WaitForFinalsAsync(1);
        await server.KillAsync();
        await server.RestartAsync();
        await page.WaitForFinalsAsync(3);
        await page.Page.EvaluateAsync("recorder.stop()");
        await page.WaitForStateAsync("completed");

        (await page.Page.EvaluateAsync<int>("heard.gaps.length")).Should().Be(1);
        var sentences = await page.SentencesAsync();
        sentences.Select(sentence => sentence.Index).Should().Equal(Enumerable.Range(1, sentences.Count));
        sentences.Select(sentence => sentence.Begin).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task A_browser_that_does_not_resample_a_microphone_leaves_it_to_the_server()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        // As Firefox does, which connects no microphone to a context of another rate.
        await page.Page.EvaluateAsync("""
            () => {
                const real = AudioContext.prototype.createMediaStreamSource;
                AudioContext.prototype.createMediaStreamSource = function (stream) {
                    if (this.sampleRate === 16000) throw new DOMException("", "NotSupportedError");
                    return real.call(this, stream);
                };
            }
            """);
        await page.PressAsync();
        await page.WaitForFinalsAsync(2);
        await server.KillAsync();
        await server.RestartAsync();
        await page.WaitForFinalsAsync(4);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        var sentences = await page.SentencesAsync();
        sentences.Select(sentence => sentence.Index).Should().Equal(Enumerable.Range(1, sentences.Count));
        sentences.Select(sentence => sentence.Begin).Should().BeInAscendingOrder();
        (await page.Page.EvaluateAsync<int>("heard.gaps.length")).Should().Be(0);
    }

    [Fact]
    public async Task Only_what_can_be_done_is_offered()
    {
        const string drag = "() => (dispatchEvent(new DragEvent('dragover', { dataTransfer: new DataTransfer() })), document.body.classList.contains('dragging'))";
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        (await page.Page.EvaluateAsync<bool>(drag)).Should().BeTrue("a recording may be dropped");
        await page.Page.EvaluateAsync("() => { globalThis.RealSocket = WebSocket; globalThis.WebSocket = function () { return { readyState: 0, close() { } }; }; }");

        await page.PressAsync();
        await page.WaitForStateAsync("starting");
        (await page.Page.IsVisibleAsync("#share")).Should().BeFalse("there is no session to link to");
        await page.Page.EvaluateAsync("() => { WebSocket = RealSocket; }");
        await page.WaitForFinalsAsync(1);

        (await page.Page.IsVisibleAsync("#share")).Should().BeTrue();
        (await page.Page.EvaluateAsync<bool>(drag)).Should().BeFalse("a recording that is dropped now would be ignored");
    }

    private static async Task StartRecorderAsync(CaptionPage page) => await page.Page.EvaluateAsync("""
        async () => {
            const { Microphone } = await import("/_content/SpeechStream.AspNetCore/speechstream.js");
            globalThis.recorder = new Microphone("/listen", { recorder: true });
            await recorder.start();
        }
        """);
}
