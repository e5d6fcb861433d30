using SpeechStream.Audio.Formats;

namespace SpeechStream.Cli.Output.Html;

/// <summary>Makes the address of the recording that a page plays.</summary>
internal static class HtmlAudio
{
    /// <summary>The largest recording that becomes part of a page, in bytes: 20 MB.</summary>
    public const long MaxEmbeddedBytes = 20 * 1024 * 1024;

    private const int SignatureBytes = 4096;

    // By the extension of AudioSignature: what browsers can play.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["aac"] = "audio/aac",
        ["flac"] = "audio/flac",
        ["m4a"] = "audio/mp4",
        ["mkv"] = "video/x-matroska",
        ["mov"] = "video/mp4",
        ["mp3"] = "audio/mpeg",
        ["ogg"] = "audio/ogg",
        ["opus"] = "audio/ogg",
        ["wav"] = "audio/wav",
        ["webm"] = "audio/webm",
    };

    /// <summary>The address of a recording as seen from a page, so that both can be moved together.</summary>
    /// <param name="recordingPath">The recording.</param>
    /// <param name="pagePath">The page; it needn't exist yet.</param>
    /// <returns>A relative address; an absolute one if the recording is on another drive.</returns>
    public static string Relative(string recordingPath, string pagePath)
    {
        var path = Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(pagePath))!, Path.GetFullPath(recordingPath));
        return Path.IsPathRooted(path) ? new Uri(path).AbsoluteUri : string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    /// <summary>The recording itself as an address. What it is, is decided by its content.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="MaxEmbeddedBytes"/>, or nothing that browsers play.</exception>
    public static async Task<string> EmbedAsync(string path, CancellationToken cancellationToken = default)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxEmbeddedBytes)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"It has {length / (1024.0 * 1024):0.0} MB, and at most 20 MB become part of a page. Leave out --embed-audio, so that the page plays the file beside it, or make it smaller: ffmpeg -i INPUT -ac 1 -b:a 32k OUTPUT.mp3"));
        }

        var content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        AudioSignature.TryRecognize(content.AsSpan(0, Math.Min(content.Length, SignatureBytes)), isWhole: true, withFrames: true, out var found);
        if (found is null || found == AudioSignature.Rifx || !Types.TryGetValue(found.Extension, out var type))
        {
            throw new ArgumentException(
                $"It is {found?.Name ?? "no known audio file"}, which browsers don't play. Leave out --embed-audio, or convert it before: ffmpeg -i INPUT OUTPUT.mp3");
        }

        return $"data:{type};base64,{Convert.ToBase64String(content)}";
    }
}
