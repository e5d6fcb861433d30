using System.Globalization;
using SpeechStream.Auth;

namespace SpeechStream.Tests.Auth;

public sealed class AccessKeyTests
{
    private static readonly DateTimeOffset KnownTime = new(2019, 4, 18, 10, 32, 31, TimeSpan.FromHours(2));
    private static readonly Guid KnownNonce = new("b924c8c3-6d03-4c5d-ad36-d984d3116788");

    [Fact]
    public void The_form_meets_the_known_answer() =>
        Key().SignedForm(KnownTime, KnownNonce).Should().Be(
            "AccessKeyId=my_access_key_id&Action=CreateToken&Format=JSON&RegionId=cn-shanghai&SignatureMethod=HMAC-SHA1"
            + "&SignatureNonce=b924c8c3-6d03-4c5d-ad36-d984d3116788&SignatureVersion=1.0&Timestamp=2019-04-18T08%3A32%3A31Z&Version=2019-02-28"
            + "&Signature=X4%2FyeE8FUchC5Wv7AZJybEuDWzw%3D");

    [Fact]
    public void The_form_meets_the_known_answer_for_a_security_token() =>
        Key("my+sts/token==").SignedForm(KnownTime, KnownNonce).Should()
            .Contain("&RegionId=cn-shanghai&SecurityToken=my%2Bsts%2Ftoken%3D%3D&SignatureMethod=").And.EndWith("&Signature=6elx4r%2BC5sl4RlDvtjsyskv2xwE%3D");

    [Fact]
    public void The_callers_culture_doesnt_change_the_form()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("", false) { DateTimeFormat = { TimeSeparator = ".", Calendar = new GregorianCalendar() } };
            Key().SignedForm(KnownTime, KnownNonce).Should().Contain("Timestamp=2019-04-18T08%3A32%3A31Z");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_query_in_the_endpoint_replaces_parameters()
    {
        var key = new AccessKey("id", "secret", null, new Uri("https://nlsmeta.ap-southeast-1.aliyuncs.com/?RegionId=ap-southeast-1&Version=2019-07-17&New=a%20b&Empty"));

        key.SignedForm(KnownTime, KnownNonce).Should()
            .Contain("&RegionId=ap-southeast-1&").And.Contain("&Version=2019-07-17&").And.Contain("&New=a%20b&").And.Contain("&Empty=&").And.NotContain("cn-shanghai");
    }

    [Theory]
    [InlineData("", "secret")]
    [InlineData(" ", "secret")]
    [InlineData("id", "")]
    [InlineData(null, "secret")]
    [InlineData("id", null)]
    public void An_empty_id_or_secret_is_refused(string? id, string? secret)
    {
        var make = () => SpeechCredential.FromAccessKey(id!, secret!);

        make.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void No_credential_prints_what_it_holds()
    {
        SpeechCredential.FromAccessKey("theid", "thesecret", "thests").ToString().Should().Be("AccessKey");
        SpeechCredential.FromToken("thetoken").ToString().Should().Be("FixedToken");
    }

    private static AccessKey Key(string? securityToken = null) => new("my_access_key_id", "my_access_key_secret", securityToken, null);
}
