namespace SpeechStream.Media.Ffmpeg;

/// <summary>Looks for another recording behind the first one, in formats of which <c>ffmpeg</c> hears the first only, and doesn't say so.</summary>
internal sealed class FollowerSearch
{
    // Recordings of one format and one program begin with these. In the middle of one they don't come about.
    private const int HeadBytes = 12;

    private static readonly string[] Formats = ["MP4", "QuickTime", "WMA", "CAF", "Wave64", "True Audio"];

    private readonly byte[] _head;
    private byte[] _last = [];
    private bool _isFragmented;

    /// <param name="format">What the first bytes say.</param>
    /// <param name="beginning">The first bytes of the recording, all of which are in the first piece that is added.</param>
    public FollowerSearch(string format, ReadOnlySpan<byte> beginning)
    {
        _head = beginning[..Math.Min(HeadBytes, beginning.Length)].ToArray();
        IsNeeded = _head.Length == HeadBytes && Formats.Contains(format);
    }

    public bool IsNeeded { get; }

    public bool IsFound { get; private set; }

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (!IsNeeded || IsFound)
        {
            return;
        }

        Search(_last.Length == 0 ? piece[1..] : piece);
        byte[] seam = [.. _last, .. piece[..Math.Min(HeadBytes - 1, piece.Length)]];
        Search(seam);
        _last = piece.Length < HeadBytes ? seam[^Math.Min(HeadBytes - 1, seam.Length)..] : piece[^(HeadBytes - 1)..].ToArray();
    }

    /// <summary>Fragments of MP4 are one recording, also with heads between them.</summary>
    private void Search(ReadOnlySpan<byte> bytes)
    {
        _isFragmented |= bytes.IndexOf("moof"u8) >= 0;
        IsFound |= !_isFragmented && bytes.IndexOf(_head) >= 0;
    }
}
