using System.Globalization;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>Where <c>ffmpeg</c> is, and how it is called.</summary>
internal static class FfmpegProgram
{
    // What recordings are in. Playlists, scripts and devices, which could make ffmpeg open something else, aren't among them.
    private const string Formats = "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,eac3,flac,flv,iff,matroska,mov,mp3,mpeg,mpegts,nistsphere,ogg,rm,tta,voc,w64,wav,wv";

    // Formats whose times are counted from their frames, and tell nothing.
    private static readonly string[] WithoutTimes = ["MP3", "MP2", "AAC"];

    // What is before the first frame that can be decoded.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // Of a stream how late it begins isn't known; more than this, and it isn't taken for late.
    private static readonly TimeSpan LatestInStream = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Filters that let the audio begin when the video does, and fill its pauses with silence, so that times agree with those of a player. Nothing is dropped.
    /// </summary>
    /// <remarks>
    /// The first filter gives each frame the time that follows from the samples before it (register 1), unless a gap of 0.2 s to 10 min is before it. What
    /// begins again, or is farther away, goes on at once: register 0 is added to all further times. Registers 2 and 3: the frame's own time, and how late it is in seconds.
    /// The second filter makes silence of the gaps. When the channels or the rate change in the middle, ffmpeg begins with new filters, which know nothing of what was
    /// before: to them, the audio begins late. What begins later than it can goes on at once, too.
    /// </remarks>
    private static string InTime(TimeSpan latest) => string.Create(
        CultureInfo.InvariantCulture,
        $"asetpts='st(0,if(N,ld(0),if(gt(PTS*TB,{latest.TotalSeconds:F3}),-PTS)));st(2,if(isnan(PTS),ld(1),PTS+ld(0)));st(3,if(N,(ld(2)-ld(1))*TB));if(lt(ld(3),-0.2)+gt(ld(3),600),st(0,ld(0)-ld(3)/TB));")
        + "st(4,if(not(N)+between(ld(3),0.2,600),ld(2),ld(1)));st(1,ld(4)+NB_SAMPLES/SR/TB);ld(4)',aresample=first_pts=0:min_comp=0.001:min_hard_comp=0.1";

    /// <param name="path">Where it is; null to search for it.</param>
    /// <param name="format">What it is needed for.</param>
    /// <param name="folders">Where to search, as in the environment variable PATH. The current folder isn't searched: somebody else's program may be there.</param>
    /// <exception cref="DecoderUnavailableException">There is none.</exception>
    public static string Find(string? path, string format, string? folders)
    {
        if (path is not null)
        {
            return File.Exists(path) ? path : throw new DecoderUnavailableException($"The audio is {format}, which ffmpeg decodes, and FfmpegPath names no file: {path}");
        }

        var name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        return (folders ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new DecoderUnavailableException($"The audio is {format}, which ffmpeg decodes, and ffmpeg isn't installed. Install it: {InstallCommand}");
    }

    /// <param name="source">The path of a file; null for standard input.</param>
    /// <param name="format">What the first bytes say.</param>
    /// <param name="start">How late its audio begins, where it is known.</param>
    public static string[] DecodeArguments(string? source, string format, TimeSpan? start) =>
    [
        "-nostdin", "-v", "error", .. Input(source), "-map", "0:a:0", .. WithoutTimes.Contains(format) ? (string[])[] : ["-af", InTime(start + Tolerance ?? LatestInStream)],
        "-map_metadata", "-1", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
    ];

    public static string[] DescribeArguments(string source) =>
    [
        "-v", "warning", .. Input(source), "-select_streams", "a:0",
        "-show_entries", "stream=codec_name,bits_per_sample,bits_per_raw_sample,duration,start_time:format=duration,start_time", "-of", "default=noprint_wrappers=1",
    ];

    // A name that looks like an address or an option isn't one.
    private static string[] Input(string? source) =>
        ["-protocol_whitelist", "file,pipe", "-format_whitelist", Formats, "-i", source is null ? "pipe:0" : "file:" + source];

    private static string InstallCommand =>
        OperatingSystem.IsWindows() ? "winget install ffmpeg"
        : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
        : "sudo apt-get install ffmpeg";
}
