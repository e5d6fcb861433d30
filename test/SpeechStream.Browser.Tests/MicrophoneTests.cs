namespace SpeechStream.Browser.Tests;

/// <summary>Somebody speaks into the page of the example.</summary>
public sealed class MicrophoneTests
{
    [Fact]
    public async Task Words_appear_and_the_last_one_comes_after_stop()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await page.PressAsync();
        await page.WaitForFinalsAsync(3);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        var expected = await page.ExpectedAsync();
        (await page.SentencesAsync()).Should().Equal(expected).And.HaveCountGreaterThan(2);
        (await page.ShownAsync()).Should().Equal(expected.Select(sentence => sentence.Text));
        (await page.StatesAsync()).Should().Equal("starting", "listening", "stopping", "completed");
        (await page.Page.TextContentAsync("#latency-words")).Should().MatchRegex(@"\d\.\d s behind");
    }

    [Theory]
    [InlineData("MediaDevices", "getUserMedia")]
    [InlineData("Worklet", "addModule")]
    public async Task A_microphone_that_is_stopped_before_it_is_there_stays_off(string type, string method)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.Page.EvaluateAsync(
            """
            async ([type, method]) => {
                const ask = MediaDevices.prototype.getUserMedia;
                MediaDevices.prototype.getUserMedia = async function (...given) { return globalThis.stream = await ask.apply(this, given); };
                const real = globalThis[type].prototype[method];
                globalThis[type].prototype[method] = async function (...given) {
                    await new Promise(resolve => globalThis.goOn = resolve);
                    return real.apply(this, given);
                };
                const { Microphone } = await import("/_content/SpeechStream.AspNetCore/speechstream.js");
                globalThis.microphone = new Microphone("/listen");
                globalThis.started = microphone.start();
            }
            """,
            new[] { type, method });

        await page.WaitAsync("globalThis.goOn !== undefined");
        await page.Page.EvaluateAsync("() => microphone.stop()");
        await page.Page.EvaluateAsync("() => { goOn(); return started; }");

        (await page.Page.EvaluateAsync<string>("stream.getTracks().map(track => track.readyState).join()")).Should().Be("ended");
        (await page.StatesAsync()).Should().Equal("starting", "completed");
    }

    [Fact]
    public async Task What_was_said_is_still_there_when_the_page_is_reloaded_until_something_new_is_said()
    {
        using var script = new TemporaryScript("""
            {"connections": [{"steps": [
                {"wait": "audio", "ms": 100}, {"event": "SentenceBegin", "payload": {"index": 1, "time": 0}},
                {"event": "SentenceEnd", "payload": {"index": 1, "begin_time": 0, "time": 100, "result": "One <b>sentence</b>."}},
                {"wait": "audio", "ms": 200}, {"event": "SentenceBegin", "payload": {"index": 2, "time": 200}},
                {"event": "TranscriptionResultChanged", "payload": {"index": 2, "time": 200, "result": "half of another"}},
                {"wait": "audio", "ms": 3600000}]}, {"recognizer": "digest"}]}
            """);
        await using var server = await ExampleServer.StartAsync(script.Path);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitAsync("document.querySelector('#now').innerText.includes('half of another')");

        await page.Page.ReloadAsync();
        (await page.ShownAsync()).Should().Equal("One <b>sentence</b>.", "half of another");
        (await page.Page.IsVisibleAsync("#welcome")).Should().BeFalse();
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);

        (await page.ShownAsync()).Should().Equal((await page.SentencesAsync()).Select(sentence => sentence.Text));
    }

    [Fact]
    public async Task A_phone_call_that_suspends_the_audio_does_not_end_it()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.Page.EvaluateAsync("() => { const real = AudioContext; globalThis.AudioContext = function (options) { return globalThis.context = new real(options); }; }");
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);

        await page.Page.EvaluateAsync("() => context.suspend()");
        var before = await page.FinalsAsync();
        await page.WaitForFinalsAsync(before + 2);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }

    [Fact]
    public async Task What_is_said_after_a_sleep_of_the_machine_is_not_called_late()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);

        // The clock goes on for an hour, and the microphone doesn't.
        await page.Page.EvaluateAsync("const awake = performance.now.bind(performance); performance.now = () => awake() + 3_600_000");
        var before = await page.FinalsAsync();
        await page.WaitForFinalsAsync(before + 2);

        (await page.Page.EvaluateAsync<double>("heard.finals.at(-1).delay")).Should().BeLessThan(1_800_000);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_loses_and_repeats_nothing()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitForFinalsAsync(1); // the next sentence follows at once, so that a missing sample shows
        var id = await page.IdAsync();

        await server.KillAsync();
        await page.WaitForStateAsync("reconnecting");
        await server.RestartAsync();
        await page.WaitForStateAsync("listening");
        await page.WaitForFinalsAsync(5);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
        (await page.IdAsync()).Should().Be(id, "viewers keep their link");
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("silent")]
    public async Task A_network_that_is_gone_for_five_seconds_loses_and_repeats_nothing(string manner)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var proxy = new FaultProxy(server.Address);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, proxy.Endpoint);
        await page.PressAsync();
        await page.WaitForFinalsAsync(2);

        proxy.Refuse();
        if (manner == "closed")
        {
            proxy.Cut();
        }
        else
        {
            proxy.BlackHole();
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        proxy.Accept();
        var before = await page.FinalsAsync();
        await page.WaitForFinalsAsync(before + 5);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        (await page.StatesAsync()).Should().Contain("reconnecting");
        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }

    [Fact]
    public async Task A_network_that_goes_after_stop_still_brings_the_last_word()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var proxy = new FaultProxy(server.Address);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, proxy.Endpoint);
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);

        proxy.Refuse();
        proxy.Cut();
        await page.WaitForStateAsync("reconnecting");
        await page.PressAsync();
        await page.Page.WaitForTimeoutAsync(1000);
        proxy.Accept();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }

    [Fact]
    public async Task What_an_outage_makes_the_page_forget_is_told_once()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var proxy = new FaultProxy(server.Address);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, proxy.Endpoint);
        await page.Page.EvaluateAsync("""
            () => {
                // A microphone that says what the test says, in no time.
                globalThis.ear = { postMessage() { this.onmessage({ data: null }); } };
                globalThis.AudioWorkletNode = class extends AudioWorkletNode { port = ear; };
            }
            """);
        await page.PressAsync();
        await page.WaitForStateAsync("listening");
        proxy.Refuse();
        proxy.Cut();
        await page.WaitForStateAsync("reconnecting");

        await page.Page.EvaluateAsync("() => { for (let i = 0; i < 1250; i++) ear.onmessage({ data: Int16Array.from({ length: 1600 }, () => (Math.random() - 0.5) * 20000) }); }");
        proxy.Accept();
        await page.WaitAsync("heard.gaps.length > 0");
        proxy.Cut(); // what is forgotten isn't told again on another connection, either
        await page.WaitForFinalsAsync(2);

        (await page.Page.EvaluateAsync<string>("JSON.stringify(heard.gaps)")).Should().Be("""[{"from":0,"to":5000}]""", "two minutes of 125 s are kept");
        (await page.SentencesAsync())[0].Begin.Should().BeInRange(4900, 5100, "silence keeps the times right");
    }

    [Fact]
    public async Task Two_viewers_agree_though_one_joins_late()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitAsync("heard.id !== null");
        var link = new Uri(server.Address, $"?watch={await page.IdAsync()}");

        var early = await CaptionPage.OpenAsync(chromium, link);
        await page.WaitForFinalsAsync(2);
        var late = await CaptionPage.OpenAsync(chromium, link);
        await page.WaitForFinalsAsync(3);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");
        await early.WaitForStateAsync("completed");
        await late.WaitForStateAsync("completed");

        var expected = await page.ExpectedAsync();
        (await early.SentencesAsync()).Should().Equal(expected);
        (await late.SentencesAsync()).Should().Equal(expected);
        (await late.ShownAsync()).Should().Equal(expected.Select(sentence => sentence.Text));
    }

    [Fact]
    public async Task Viewers_come_back_with_the_page_after_a_restart()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitAsync("heard.id !== null");
        var viewer = await CaptionPage.OpenAsync(chromium, new Uri(server.Address, $"?watch={await page.IdAsync()}"));
        await viewer.WaitForFinalsAsync(2);

        await server.KillAsync();
        await viewer.WaitForStateAsync("reconnecting");
        await server.RestartAsync();
        await viewer.WaitForFinalsAsync(5);
        await page.PressAsync();
        await viewer.WaitForStateAsync("completed");

        (await viewer.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }
}
