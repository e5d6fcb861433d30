using System.Buffers;

namespace SpeechStream.Media.Opus;

/// <summary>Puts the packets of one logical stream together.</summary>
internal sealed class OggPackets
{
    // A packet of Opus is much shorter. Comments with a picture in them can be longer, and nobody reads them.
    private const int MostBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _open = new();
    private bool _isOpen;
    private uint? _next;

    /// <summary>The packets that end on a page.</summary>
    public List<byte[]> Read(OggPage page)
    {
        var packets = new List<byte[]>();
        if (!page.IsContinued || !_isOpen || page.Sequence != _next)
        {
            // The rest of a packet whose beginning is lost is no packet.
            _isOpen = !page.IsContinued;
            _open.ResetWrittenCount();
        }

        var at = 0;
        foreach (var length in page.Lacing)
        {
            if (_isOpen && _open.WrittenCount < MostBytes)
            {
                _open.Write(page.Body.AsSpan(at, length));
            }

            at += length;
            if (length < byte.MaxValue)
            {
                if (_isOpen)
                {
                    packets.Add(_open.WrittenSpan.ToArray());
                }

                _open.ResetWrittenCount();
                _isOpen = true;
            }
        }

        // A page that ends a packet leaves none open, although the next may begin at once.
        _isOpen = _isOpen && page.Lacing is [.., byte.MaxValue];
        _next = page.Sequence + 1;
        return packets;
    }
}
