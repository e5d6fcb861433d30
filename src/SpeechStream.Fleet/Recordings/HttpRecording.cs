using System.Net;
using System.Net.Http.Headers;

namespace SpeechStream.Fleet.Recordings;

/// <summary>A recording behind a link, read once from its beginning. When the connection breaks, or is silent for the client's time-out, it is requested again from there on, with a Range.</summary>
internal sealed class HttpRecording : Stream
{
    private const int MostBreaks = 5;

    private readonly Uri _uri;
    private readonly HttpClient _http;
    private readonly EntityTagHeaderValue? _version;
    private HttpResponseMessage _response;
    private Stream _body;
    private long _position;
    private int _breaks;

    private HttpRecording(Uri uri, HttpClient http, HttpResponseMessage response, Stream body)
    {
        (_uri, _http, _response, _body) = (uri, http, response, body);
        _version = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
        Length = response.Content.Headers.ContentLength ?? 0;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>0 when the server doesn't tell.</summary>
    public override long Length { get; }

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <exception cref="HttpRequestException">The server refused it, or can't be reached.</exception>
    public static async Task<HttpRecording> OpenAsync(Uri uri, HttpClient http, CancellationToken cancellationToken)
    {
        var response = await RequestAsync(uri, http, 0, null, cancellationToken).ConfigureAwait(false);
        return new HttpRecording(uri, http, response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var count = await ReadBodyAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count > 0 || _position >= Length)
                {
                    (_position, _breaks) = (_position + count, count > 0 ? 0 : _breaks);
                    return count;
                }
            }
            catch (IOException) when (_breaks < MostBreaks)
            {
                _breaks++;
            }

            await ReopenAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _body.Dispose();
        _response.Dispose();
        base.Dispose(disposing);
    }

    private static async Task<HttpResponseMessage> RequestAsync(Uri uri, HttpClient http, long from, EntityTagHeaderValue? version, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = version is null ? null : new RangeConditionHeaderValue(version);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        try
        {
            response.EnsureSuccessStatusCode();
            return from == 0 || (response.StatusCode == HttpStatusCode.PartialContent && (response.Content.Headers.ContentRange?.From ?? from) == from)
                ? response
                : throw new HttpRequestException("The connection broke, and the server can't continue the recording, or has another one there now.", null, response.StatusCode);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // The client's own limit ends with the headers. A server that falls silent would keep a place of the quota.
    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_http.Timeout);
        try
        {
            return await _body.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"The server of the link has sent nothing for {_http.Timeout.TotalSeconds} s."));
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await _body.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
        _response = await RequestAsync(_uri, _http, _position, _version, cancellationToken).ConfigureAwait(false);
        _body = await _response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }
}
