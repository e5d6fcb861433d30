using System.Text.Json;
using Microsoft.Playwright;
using SpeechStream.Gateway;

namespace SpeechStream.Browser.Tests;

/// <summary>The page of the example in a real browser, whose microphone is a recording.</summary>
internal sealed class CaptionPage
{
    // Everything that the module tells, and the very samples that it takes from the microphone: the measure of what may be missing.
    private const string Ear = """
        globalThis.heard = { samples: [], finals: [], states: [], problems: [], gaps: [], id: null };
        const dispatch = EventTarget.prototype.dispatchEvent;
        EventTarget.prototype.dispatchEvent = function (event) {
            const { type, detail } = event;
            if (type === "samples") heard.samples.push(detail.samples);
            if (type === "final") heard.finals.push(detail);
            if (type === "state") heard.states.push(detail.state);
            if (type === "problem") heard.problems.push(detail.message);
            if (type === "gap") heard.gaps.push(detail);
            if (type === "session") heard.id = detail.id;
            return dispatch.call(this, event);
        };
        """;

    private const float Limit = 60_000; // ms; generous, like every limit of a test

    private CaptionPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Arguments that make a recording the microphone; it is repeated for ever.</summary>
    public static string[] Microphone => [
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        $"--use-file-for-fake-audio-capture={Path.Combine(ExampleServer.Examples, "QuickStart", "ivr-prompts.wav")}"];

    public static async Task<CaptionPage> OpenAsync(Chromium chromium, Uri address, BrowserNewContextOptions? options = null)
    {
        var page = await chromium.OpenAsync(
            address.ToString(),
            page =>
            {
                page.SetDefaultTimeout(Limit);
                page.PageError += (_, error) => _ = page.EvaluateAsync("error => heard.problems.push(error)", error);
                return page.AddInitScriptAsync(Ear);
            },
            options);
        return new(page);
    }

    public Task PressAsync() => Page.ClickAsync("#microphone");

    public Task WaitForFinalsAsync(int count) => WaitAsync($"heard.finals.length >= {count}");

    public Task WaitForStateAsync(string state) => WaitAsync($"heard.states.at(-1) === '{state}'");

    /// <summary>Waits until something holds in the page. If it never does, the message says what happened there.</summary>
    public async Task WaitAsync(string condition)
    {
        try
        {
            await Page.WaitForFunctionAsync(condition);
        }
        catch (TimeoutException)
        {
            var heard = await Page.EvaluateAsync<string>("JSON.stringify({ ...heard, samples: heard.samples.length, finals: heard.finals.length, text: document.body.innerText })");
            Assert.Fail($"Never: {condition}. The page: {heard}");
        }
    }

    public Task<int> FinalsAsync() => Page.EvaluateAsync<int>("heard.finals.length");

    public Task<string> IdAsync() => Page.EvaluateAsync<string>("heard.id");

    public async Task<List<string>> StatesAsync() => [.. await Page.EvaluateAsync<string[]>("heard.states")];

    /// <summary>Index, begin and text of every sentence that was told.</summary>
    public async Task<List<(int Index, long Begin, string Text)>> SentencesAsync()
    {
        var finals = JsonElement.Parse(await Page.EvaluateAsync<string>("JSON.stringify(heard.finals)"));
        return [.. finals.EnumerateArray().Select(final => (final.GetProperty("index").GetInt32(), final.GetProperty("begin").GetInt64(), final.GetProperty("text").GetString()!))];
    }

    /// <summary>The sentences that are on the screen.</summary>
    public async Task<List<string>> ShownAsync() => [.. await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#captions .line > span')].map(line => line.textContent)")];

    /// <summary>The loss oracle: what the digest recognizer makes of exactly the samples that the microphone gave.</summary>
    public async Task<List<(int Index, long Begin, string Text)>> ExpectedAsync()
    {
        var audio = Convert.FromBase64String(await Page.EvaluateAsync<string>("""
            (async () => {
                const url = await new Promise(resolve => {
                    const reader = new FileReader();
                    reader.onload = () => resolve(reader.result);
                    reader.readAsDataURL(new Blob(heard.samples));
                });
                return url.slice(url.indexOf(",") + 1);
            })()
            """));
        return [.. Expected(audio)];
    }

    public static IEnumerable<(int Index, long Begin, string Text)> Expected(byte[] audio) =>
        Recognizer.DigestOf(audio).Select((sentence, index) => (index + 1, (long)Math.Round(sentence.BeginTime.TotalMilliseconds), sentence.Text));
}
