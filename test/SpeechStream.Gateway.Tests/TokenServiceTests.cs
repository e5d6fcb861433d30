using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

public sealed class TokenServiceTests
{
    /// <summary>The instant of the example in the vendor's documents.</summary>
    private static readonly DateTimeOffset Then = new(2019, 4, 18, 8, 32, 31, TimeSpan.Zero);

    private readonly ManualTimeProvider _clock = new(Then);
    private readonly Dictionary<string, string> _parameters = new()
    {
        ["AccessKeyId"] = "my_access_key_id",
        ["Action"] = "CreateToken",
        ["Format"] = "JSON",
        ["RegionId"] = "cn-shanghai",
        ["SignatureMethod"] = "HMAC-SHA1",
        ["SignatureNonce"] = "b924c8c3-6d03-4c5d-ad36-d984d3116788",
        ["SignatureVersion"] = "1.0",
        ["Timestamp"] = "2019-04-18T08:32:31Z",
        ["Version"] = "2019-02-28",
    };

    private Task<LocalGateway> StartAsync(Action<LocalGatewayOptions>? change = null)
    {
        var options = new LocalGatewayOptions
        {
            TimeProvider = _clock,
            AccessKeys = new Dictionary<string, string> { ["my_access_key_id"] = "my_access_key_secret" },
            Tokens = new Dictionary<string, DateTimeOffset>(),
        };
        change?.Invoke(options);
        return LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
    }

    private async Task<(HttpStatusCode Status, JsonObject Json)> AskAsync(LocalGateway gateway, HttpMethod method, string signature)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(_parameters.Append(new("Signature", signature)));
        var uri = method == HttpMethod.Get
            ? new Uri(gateway.TokenEndpoint, "/?" + await form.ReadAsStringAsync(TestContext.Current.CancellationToken))
            : gateway.TokenEndpoint;
        using var request = new HttpRequestMessage(method, uri) { Content = method == HttpMethod.Get ? null : form };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }

    private string Sign(string method, string secret = "my_access_key_secret")
    {
        var joined = string.Join('&', _parameters.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
        var key = Encoding.UTF8.GetBytes(secret + "&");
#pragma warning disable CA5350 // The protocol demands SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(key, Encoding.UTF8.GetBytes($"{method}&%2F&{Uri.EscapeDataString(joined)}")));
#pragma warning restore CA5350
    }

    [Theory]
    [InlineData("GET", "hHq4yNsPitlfDJ2L0nQPdugdEzM=")]
    [InlineData("POST", "X4/yeE8FUchC5Wv7AZJybEuDWzw=")]
    public async Task The_documented_example_gets_a_token_that_opens_a_connection_until_it_expires(string method, string signature)
    {
        await using var gateway = await StartAsync(o => o.TokenLifetime = TimeSpan.FromHours(1));

        var (status, json) = await AskAsync(gateway, new HttpMethod(method), signature);

        status.Should().Be(HttpStatusCode.OK);
        json.Select(p => p.Key).Should().Equal("NlsRequestId", "RequestId", "Token");
        ((long)json["Token"]!["ExpireTime"]!).Should().Be(Then.AddHours(1).ToUnixTimeSeconds());
        var token = (string)json["Token"]!["Id"]!;
        (await RawClient.ConnectAsync(gateway, token: token)).Dispose();

        _clock.Advance(TimeSpan.FromHours(1));
        var connect = () => RawClient.ConnectAsync(gateway, token: token);
        (await connect.Should().ThrowAsync<System.Net.WebSockets.WebSocketException>()).WithMessage("*403*");
    }

    [Fact]
    public async Task A_token_may_live_for_ever()
    {
        await using var gateway = await StartAsync(o => o.TokenLifetime = TimeSpan.MaxValue);

        var (status, json) = await AskAsync(gateway, HttpMethod.Get, "hHq4yNsPitlfDJ2L0nQPdugdEzM=");

        status.Should().Be(HttpStatusCode.OK);
        ((long)json["Token"]!["ExpireTime"]!).Should().Be(DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        (await RawClient.ConnectAsync(gateway, token: (string)json["Token"]!["Id"]!)).Dispose();
    }

    [Fact]
    public async Task A_security_token_is_part_of_what_is_signed()
    {
        await using var gateway = await StartAsync();
        _parameters["SecurityToken"] = "my+sts/token==";

        (await AskAsync(gateway, HttpMethod.Post, "6elx4r+C5sl4RlDvtjsyskv2xwE=")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_signature_is_refused()
    {
        await using var gateway = await StartAsync();

        var (status, json) = await AskAsync(gateway, HttpMethod.Get, Sign("GET", secret: "wrong"));

        status.Should().Be(HttpStatusCode.BadRequest);
        json.Select(p => p.Key).Should().Equal("RequestId", "HostId", "Code", "Message");
        ((string)json["Code"]!).Should().Be("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_signature_of_the_other_method_is_refused()
    {
        await using var gateway = await StartAsync();

        ((string)(await AskAsync(gateway, HttpMethod.Post, Sign("GET"))).Json["Code"]!).Should().Be("SignatureDoesNotMatch");
    }

    [Theory]
    [InlineData("AccessKeyId", "other", 404, "InvalidAccessKeyId.NotFound")]
    [InlineData("Timestamp", "2019-04-18T08:17:30Z", 400, "InvalidTimeStamp.Expired")]
    [InlineData("Timestamp", "2019-04-18T08:47:32Z", 400, "InvalidTimeStamp.Expired")]
    [InlineData("Timestamp", "2019-04-18 08:32:31", 400, "InvalidTimeStamp.Format")]
    [InlineData("Action", "DeleteToken", 400, "InvalidAction")]
    [InlineData("SignatureMethod", "HMAC-SHA256", 400, "InvalidSignatureMethod")]
    public async Task A_wrong_parameter_is_refused(string key, string value, int status, string code)
    {
        await using var gateway = await StartAsync();
        _parameters[key] = value;

        var reply = await AskAsync(gateway, HttpMethod.Get, Sign("GET"));

        ((int)reply.Status).Should().Be(status);
        ((string)reply.Json["Code"]!).Should().Be(code);
    }

    [Fact]
    public async Task A_missing_parameter_is_refused()
    {
        await using var gateway = await StartAsync();
        _parameters.Remove("SignatureNonce");

        ((string)(await AskAsync(gateway, HttpMethod.Get, Sign("GET"))).Json["Code"]!).Should().Be("MissingSignatureNonce");
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"Action\"\r\n\r\nCreate")]
    [InlineData("multipart/form-data", "--x--")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\n--x--")]
    public async Task A_form_that_cannot_be_read_is_refused(string type, string body)
    {
        await using var gateway = await StartAsync();
        using var http = new HttpClient();
        using var form = new StringContent(body);
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await http.PostAsync(gateway.TokenEndpoint, form, TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        ((string)json["Code"]!).Should().Be("InvalidParameter");
    }

    [Fact]
    public async Task A_nonce_is_good_once()
    {
        await using var gateway = await StartAsync();

        (await AskAsync(gateway, HttpMethod.Get, Sign("GET"))).Status.Should().Be(HttpStatusCode.OK);
        ((string)(await AskAsync(gateway, HttpMethod.Get, Sign("GET"))).Json["Code"]!).Should().Be("SignatureNonceUsed");
    }

    [Fact]
    public async Task Too_many_requests_a_minute_are_throttled()
    {
        await using var gateway = await StartAsync(o => o.TokenRequestsPerMinute = 1);
        (await AskAsync(gateway, HttpMethod.Get, Sign("GET"))).Status.Should().Be(HttpStatusCode.OK);

        _parameters["SignatureNonce"] = "second";
        var (status, json) = await AskAsync(gateway, HttpMethod.Get, Sign("GET"));
        status.Should().Be(HttpStatusCode.BadRequest);
        ((string)json["Message"]!).Should().Be("Request was denied due to user flow control.");

        _clock.Advance(TimeSpan.FromMinutes(1));
        _parameters["SignatureNonce"] = "third";
        (await AskAsync(gateway, HttpMethod.Get, Sign("GET"))).Status.Should().Be(HttpStatusCode.OK);
    }
}
