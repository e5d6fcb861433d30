using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using SpeechStream.Captions.Text;

namespace SpeechStream.Cli.Output.Html;

/// <summary>Writes a transcript as one page that needs nothing but the recording: it can be read and printed without its script, and never asks the network.</summary>
internal static class HtmlPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>Writes the page.</summary>
    /// <param name="writer">Where it goes. Its encoding has to be UTF-8.</param>
    /// <param name="transcript">What it shows.</param>
    public static async Task WriteAsync(TextWriter writer, HtmlTranscript transcript)
    {
        await writer.WriteAsync(Head(transcript)).ConfigureAwait(false);
        if (transcript.AudioSource is { } source)
        {
            await writer.WriteAsync("<audio id=\"player\" controls preload=\"metadata\" aria-label=\"Recording\" src=\"").ConfigureAwait(false);
            Encoder.Encode(writer, source);
            await writer.WriteAsync("\"></audio>\n").ConfigureAwait(false);
        }

        await writer.WriteAsync(WaveformPicture.Of(transcript.Peaks, transcript.Duration)).ConfigureAwait(false);
        if (transcript.AudioSource is not null)
        {
            await writer.WriteAsync(Help).ConfigureAwait(false);
        }

        await writer.WriteAsync($"</header>\n<main id=\"transcript\" aria-label=\"Transcript\" lang=\"{Encode(transcript.Language ?? "")}\">\n").ConfigureAwait(false);
        foreach (var paragraph in Paragraphs(transcript))
        {
            await writer.WriteAsync(paragraph).ConfigureAwait(false);
        }

        await writer.WriteAsync("</main>\n").ConfigureAwait(false);
        if (transcript.AudioSource is not null)
        {
            await writer.WriteAsync($"<script>{Script}</script>\n").ConfigureAwait(false);
        }

        await writer.WriteAsync("</body>\n</html>\n").ConfigureAwait(false);
    }

    private const string Help = """
        <p id="problem" role="alert" hidden>This browser can't play the recording, or it is no longer beside this page.</p>
        <p id="help" hidden><kbd>Space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> go 5 seconds back and on, <kbd>↑</kbd> <kbd>↓</kbd> to the sentence before and after. A click on a word plays from there; so does <kbd>Enter</kbd>, and <kbd>Shift</kbd> <kbd>←</kbd> <kbd>→</kbd> go from word to word.</p>
        <button id="follow" type="button" hidden>Scroll with the recording</button>

        """;

    private static string Head(HtmlTranscript transcript)
    {
        var title = Encode(SpokenText.Clean(transcript.Title));
        var player = transcript.AudioSource is null ? "" : $"; script-src {Hash(Script)}; media-src 'self' file: data:";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src {Hash(Style)}{player}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="SpeechStream">
            <title>{title}</title>
            <style>{Style}</style>
            </head>
            <body>
            <header>
            <h1 dir="auto">{title}</h1>
            <p class="facts">{WaveformPicture.Clock(transcript.Duration)}</p>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Sentences and gaps in the order of their times; a speaker is named where another one spoke before.</summary>
    private static IEnumerable<string> Paragraphs(HtmlTranscript transcript)
    {
        var (number, speaker) = (0, (string?)null);
        var sentences = transcript.Sentences.Where(spoken => SpokenText.Clean(spoken.Sentence.Text).Length > 0).Select(spoken => (Begin: spoken.Sentence.BeginTime, Spoken: (SpokenSentence?)spoken, Gap: (AudioGap?)null));
        var gaps = transcript.Gaps.Select(gap => (Begin: gap.From, Spoken: (SpokenSentence?)null, Gap: (AudioGap?)gap));
        foreach (var (begin, spoken, gap) in sentences.Concat(gaps).OrderBy(paragraph => paragraph.Begin))
        {
            if (gap is not null)
            {
                yield return $"<p class=\"gap\" lang=\"en\">No transcript from {WaveformPicture.Clock(gap.From)} to {WaveformPicture.Clock(gap.To)}</p>\n";
                continue;
            }

            var text = new StringBuilder("<p class=\"sentence\">");
            text.Append(CultureInfo.InvariantCulture, $"<a class=\"time\" id=\"s{++number}\" href=\"#s{number}\">{WaveformPicture.Clock(begin)}</a> ");
            if (spoken!.Speaker is { } name && name != speaker)
            {
                text.Append(CultureInfo.InvariantCulture, $"<b class=\"speaker\" dir=\"auto\">{Encode(SpokenText.Clean(name))}</b> ");
            }

            speaker = spoken.Speaker;
            text.Append("<span class=\"text\" dir=\"auto\">");
            foreach (var part in TimedPart.Of(spoken.Sentence))
            {
                text.Append(CultureInfo.InvariantCulture, $"{Encode(part.Before)}<span data-start=\"{Seconds(part.Begin)}\" data-end=\"{Seconds(part.End)}\">{Encode(part.Text)}</span>");
            }

            yield return text.Append("</span></p>\n").ToString();
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Encode(string text) => Encoder.Encode(text);

    /// <summary>The policy allows this style and this script, and none that a text might bring.</summary>
    private static string Hash(string content) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";

    /// <summary>Browsers read every line end as a line feed before they compare hashes.</summary>
    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
