using System.Text.Json.Nodes;
using SpeechStream.Auth;
using SpeechStream.Tests.Protocol;

namespace SpeechStream.Tests.Auth;

public sealed class RpcSignatureTests
{
    private readonly JsonObject _known = Sample.Json("token.CreateToken.known-answer.json");

    [Fact]
    public void The_vendors_known_answers_are_met()
    {
        var joined = RpcSignature.Join(Parameters());

        joined.Should().Be((string)_known["canonicalQuery"]!);
        RpcSignature.Compute("GET", joined, Secret).Should().Be("hHq4yNsPitlfDJ2L0nQPdugdEzM=").And.Be((string)_known["signatureGet"]!);
        RpcSignature.Compute("POST", joined, Secret).Should().Be("X4/yeE8FUchC5Wv7AZJybEuDWzw=").And.Be((string)_known["signaturePost"]!);
        RpcSignature.Sign("POST", Parameters(), Secret).Should().Be($"{joined}&Signature=X4%2FyeE8FUchC5Wv7AZJybEuDWzw%3D");
    }

    [Fact]
    public void A_security_token_is_signed_in_ordinal_order()
    {
        var joined = RpcSignature.Join(Parameters().Append(new("SecurityToken", "my+sts/token==")));

        joined.Should().Contain("&RegionId=cn-shanghai&SecurityToken=my%2Bsts%2Ftoken%3D%3D&SignatureMethod=");
        RpcSignature.Compute("POST", joined, Secret).Should().Be("6elx4r+C5sl4RlDvtjsyskv2xwE=");
    }

    [Fact]
    public void Names_are_in_ordinal_order_and_escaped() =>
        RpcSignature.Join([new("b", "a b*~-_."), new("a", "é中"), new("B", "+/=&")]).Should().Be("B=%2B%2F%3D%26&a=%C3%A9%E4%B8%AD&b=a%20b%2A~-_.");

    private string Secret => (string)_known["accessKeySecret"]!;

    private IEnumerable<KeyValuePair<string, string>> Parameters() =>
        _known["parameters"]!.AsObject().Reverse().Select(parameter => KeyValuePair.Create(parameter.Key, (string)parameter.Value!));
}
