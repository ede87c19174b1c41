"""What support texts call the same thing, what narrows a statement down, and what says nothing: kept by hand.

Words are as people write them; the analyzer turns them into terms (`codify.concepts`), so inflected and
spoken forms need no line of their own. An underscore stands for the space of a phrase.
"""

#: name: words of either language that mean the same in a support text
SYNONYMS = """
return: مرجوع مرجوعی بازگشت عودت پس_دادن پس_بدم پس_بده پس_بدهم پس_دهید پس_داد پس_فرستادن برگرداندن برگردوندن برگردانید برگردانم بازگرداندن بازگردانید مرجوع_کردن send_back sent_back return give_back bring_back take_back
refund: برگشت_پول برگشت_وجه بازگشت_وجه بازپرداخت استرداد استرداد_وجه عودت_وجه ریفاند پس_گرفتن_پول بازگشت_پول refund reimbursement money_back reimburse
deadline: مهلت فرصت ضرب_الاجل موعد بازه deadline window timeframe time_limit period window
duration: مدت دوره مدت_زمان زمان طول_میکشد طول_میکشه زمان_میبرد زمان_میبره طول_کشیدن time duration take long
cost: هزینه کرایه قیمت تعرفه مبلغ بها نرخ cost price charge rate
fee: کارمزد حق_الزحمه fee commission surcharge
shipping: ارسال حمل فرستادن میفرستیم میفرستید پست_کردن shipping shipment ship postage dispatch
delivery: تحویل تحویل_دادن delivery deliver
order: سفارش order
purchase: خرید خریدم purchase buy
goods: کالا محصول جنس جنسی جنسو کالای_خریداری_شده item product goods merchandise article
parcel: بسته مرسوله پکیج parcel package
warranty: گارانتی ضمانت ضمانتنامه وارانتی warranty guarantee
support: پشتیبانی خدمات_مشتریان خدمات_مشتری مرکز_تماس ساپورت support customer_service help_desk helpdesk customer_care
call: تماس زنگ تلفن تلفنی شماره شماره_تماس شماره_تلفن call phone ring dial contact phone_number telephone hotline number tel
mobile: موبایل تلفن_همراه همراه شماره_موبایل شماره_همراه mobile_number mobile cell
password: رمز رمز_عبور پسورد گذرواژه کلمه_عبور password passcode
account: حساب حساب_کاربری اکانت account profile
card: کارت_بانکی bank_card
wallet: کیف_پول wallet
gift_card: کارت_هدیه gift_card
discount: تخفیف discount off
discount_code: کد_تخفیف کوپن coupon promo_code voucher discount_code
login: ورود ورودی لاگین وارد_شدن login log_in sign_in signing_in logging_in
signup: ثبت_نام عضویت register registration sign_up enroll
cancel: لغو کنسل ابطال کنسلی cancel cancellation
change: تغییر عوض_کردن عوض ویرایش اصلاح change edit modify update
delete: حذف پاک_کردن پاک delete remove erase
activate: فعالسازی فعال_کردن activate activation enable
deactivate: غیرفعالسازی غیرفعال_کردن deactivate deactivation disable
pay: پرداخت pay payment
installment: قسط اقساط قسطی instalment installment
deposit: واریز deposit
withdraw: برداشت withdraw withdrawal
transfer: انتقال جابجایی transfer
invoice: فاکتور صورتحساب invoice bill
subscription: اشتراک subscription membership
renew: تمدید renew renewal extend
expire: منقضی expire
validity: اعتبار معتبر انقضا valid validity expiry expiration
counted: حساب_میشود حساب_میشه محاسبه_میشود calculate
money: پول وجه money funds
limit: سقف محدودیت حد limit cap ceiling quota
maximum: حداکثر بیشینه بیشترین maximum max
minimum: حداقل کمینه کمترین minimum min
file: فایل پرونده file
upload: بارگذاری آپلود upload
download: دانلود بارگیری download
size_of: حجم سایز_فایل size
size_fit: سایز اندازه
exchange: تعویض exchange swap replace replacement
repair: تعمیر repair
defective: معیوب خراب ناقص faulty defective broken
damaged: آسیب_دیده صدمه_دیده شکسته damaged
review: بررسی کارشناسی review inspection check
approve: تایید تأیید approve approval confirm confirmation
request: درخواست تقاضا request ask
answer: پاسخ جواب پاسخگویی پاسخگو answer reply response respond first_reply first_response
ticket: تیکت ticket
complaint: شکایت complaint
customer: مشتری کاربر خریدار customer client user buyer
seller: فروشنده seller vendor merchant
courier: پیک پستچی courier
address: نشانی آدرس address
email_word: ایمیل پست_الکترونیکی email e-mail
message: پیامک اس_ام_اس sms text_message
code_word: کد code
verification: احراز_هویت تایید_هویت verification verify identity_check
attempt: تلاش دفعه بار مرتبه attempt times time_count
person: نفر شخص people person persons
device: دستگاه device
age: سن age
salary: حقوق دستمزد salary wage
leave: مرخصی leave vacation
meeting: جلسه meeting
hours_open: ساعت_کاری ساعت_پاسخگویی ساعات_کاری ساعت_کار ساعات_کار working_hours opening_hours business_hours office_hours opening_times open_from
branch: شعبه نمایندگی branch office
warehouse: انبار warehouse
store: فروشگاه مغازه shop store
room: اتاق room
checkin: چک_این check_in check-in checkin
checkout_hotel: چک_اوت check_out check-out
reservation: رزرو نوبت نوبت_دهی نوبت_گرفتن booking book reservation reserve appointment
guest: مهمان guest
parking: پارکینگ parking
breakfast: صبحانه breakfast
pet: حیوان_خانگی pet
internet: اینترنت وای_فای internet wifi wi-fi
backup: پشتیبان_گیری نسخه_پشتیبان بکاپ backup
restore: بازیابی restore recover recovery
reset: بازنشانی ریست reset
restart: راه_اندازی_مجدد ریستارت restart reboot
install: نصب install installation setup
error: خطا ارور error
tax: مالیات tax
vat: ارزش_افزوده vat value_added
income: درامد درآمد income revenue
insurance: بیمه insurance
point: امتیاز point points
tracking: رهگیری پیگیری tracking track
document: مدرک مدارک سند document paperwork
photo: عکس تصویر photo picture image
opened: باز_شده باز_شد opened
packaging: بسته_بندی packaging
box: جعبه box
seal: پلمب seal
reason: دلیل علت reason cause
staff: کارکنان کارمند پرسنل کارکنان_شرکت employee staff personnel
weight: وزن weight weigh
last_day: آخرین_روز پایان ادامه تمام خاتمه last_day end finish close conclude
start: شروع آغاز start begin commence
new: جدید تازه new
placed: ثبت submit place register
company: شرکت سازمان company firm
service: خدمات سرویس service
business: کسب_و_کار business
trial: آزمایشی آزمایش تست امتحان_کردن trial try
free_of: رایگان مجانی
penalty: جریمه penalty fine
interest: سود بهره interest profit
loan: وام تسهیلات loan credit_line
balance: موجودی مانده balance
keep: نگهداری نگه_داشتن keep store_data retain retention hold
share: اشتراک_گذاری share sharing
team: تیم گروه team group
member: عضو member
plan: پلن طرح بسته_اشتراک plan package_plan
app: اپلیکیشن اپ برنامه app application
site: سایت وبسایت website site web
problem: مشکل ایراد problem issue trouble
solve: حل رفع solve fix resolve
use: استفاده usage
receive: دریافت receive
send: ارسال_کردن send
allow: اجازه permission
dormitory: خوابگاه dormitory dorm
course: دوره_آموزشی کلاس course class
exam: آزمون امتحان exam test_exam examination
student_word: دانشجو student
teacher: معلم استاد مدرس teacher instructor
tuition: شهریه tuition
certificate: گواهی گواهینامه مدرک_پایان certificate
lesson: درس جلسه_درس lesson session
salary_day: واریز_حقوق payday payroll
overtime: اضافه_کار اضافه_کاری overtime
remote: دورکاری remote_work work_from_home telework
contract: قرارداد contract agreement
resign: استعفا resign resignation
notice: اطلاع اعلان notice notification notify
trip: سفر travel trip journey
flight: پرواز flight
ticket_travel: بلیت بلیط ticket fare
baggage: چمدان بار_همراه توشه baggage luggage suitcase
passenger: مسافر passenger traveller traveler
hotel: هتل اقامتگاه hotel accommodation
checkin_time: پذیرش reception
pool: استخر pool
gym: باشگاه gym fitness
doctor: پزشک دکتر doctor physician
patient: بیمار patient
medicine: دارو medicine medication drug
appointment: وقت_ملاقات ویزیت visit
bank: بانک bank
cheque: چک cheque check_paper
account_number: شماره_حساب account_number
statement_of: صورت_حساب_بانکی گردش_حساب statement
currency: ارز currency
gold: طلا gold
rate_of: نرخ_سود interest_rate
collateral: وثیقه collateral
guarantor: ضامن guarantor
sim: سیم_کارت sim sim_card
package_data: بسته_اینترنت data_plan bundle
recharge: شارژ top-up topup top_up recharge
speed_of: سرعت speed bandwidth
traffic: ترافیک حجم_مصرف traffic
modem: مودم روتر modem router
server: سرور server
database: پایگاه_داده دیتابیس database
domain: دامنه domain
hosting: هاست میزبانی hosting host
storage: فضا فضای_ذخیره ذخیره_سازی storage space disk
key_api: کلید key token توکن
request_api: فراخوانی call_api api_request
user_name: نام_کاربری username user_name
setting: تنظیم تنظیمات setting preference configuration
feature: قابلیت ویژگی feature capability function
report: گزارش report
dashboard: داشبورد پیشخوان dashboard
export: خروجی برون_بری export
import: درون_ریزی ورودی_گرفتن import
update: به_روزرسانی بروزرسانی آپدیت update_app upgrade
license: مجوز لایسنس licence license permit
language: زبان language
screen: صفحه_نمایش نمایشگر screen display monitor
battery: باتری battery
charger: شارژر charger
cable: کابل cable
lock: قفل مسدود بسته_شدن block lock suspend bar locked blocked suspended
unlock: رفع_مسدودی unlock unblock
allowance: سهمیه allowance entitlement
bonus: پاداش هدیه bonus gift reward
winner: برنده winner
campaign: کمپین جشنواره پویش campaign festival promotion sale
stock: موجودی_انبار stock inventory
available_stock: موجود_بودن in_stock
receipt: رسید receipt
signature: امضا signature
rent: اجاره rent rental lease hire
house: خانه منزل house home
car: خودرو ماشین اتومبیل car vehicle
driver: راننده driver
station: ایستگاه station stop_place
metro: مترو metro subway
bus: اتوبوس bus coach
taxi: تاکسی taxi cab
food: غذا food meal
drink: نوشیدنی drink beverage
menu: منو menu
table: میز table
smoking: سیگار smoking smoke
child: کودک بچه child kid
woman: خانم زن woman
man: آقا مرد man
family: خانواده family
friend: دوست friend
invitation: دعوت invite invitation
referral: معرفی referral refer
rating: نظر امتیازدهی rating feedback
survey: نظرسنجی survey questionnaire
post: پست post_office
postal_code: کد_پستی postal_code zip_code postcode
national_id: کد_ملی national_id
birth: تولد birth birthday
name: نام اسم name
signature_e: امضای_دیجیتال e-signature
privacy: حریم_خصوصی privacy
data_word: داده اطلاعات_کاربر data
log: لاگ گزارش_ثبت log record
event: رویداد event
webinar: وبینار webinar
conference: همایش کنفرانس conference
speaker_word: سخنران speaker
fail: ناموفق شکست failed unsuccessful wrong_attempt incorrect
character: کاراکتر نویسه حرف character letter
digit: رقم digit
length: طول length long
word_word: کلمه واژه word
page_word: برگ sheet
copy: نسخه_کپی رونوشت copy
original: اصل_سند original
installment_late: دیرکرد تاخیر تأخیر late delay overdue
early: زودهنگام زود early
stay: اقامت stay
night: شب night
gross: ناخالص gross
net: خالص net
initial: اولیه پیش upfront initial
prepayment: پیش_پرداخت پیش_قسط down_payment prepayment advance_payment deposit_money
security_deposit: ودیعه security_deposit
salary_base: حقوق_پایه base_salary
pension: بازنشستگی pension retirement
retire: بازنشسته retire
hire: استخدام hiring recruitment job
probation: آزمایشی_کارکنان probation
training: آموزش_کارکنان training
uniform: لباس_فرم uniform
elevator: آسانسور elevator lift
power: برق power electricity
water: آب water
gas: گاز gas
heating: گرمایش heating
wash: شستن شستشو wash laundry
clean_word: تمیزکاری نظافت cleaning
cook: پختن پخت cook bake
store_in: نگهداری_شود stored
temperature: دما temperature
allergy: حساسیت allergy
expiry_date: تاریخ_انقضا expiry_date best_before
"""

#: what says only that something is so, can be so or is allowed: dropped before statements are compared
MODAL = """
توانستن میتوان میتوانید میتونید میشه میشود شدن بودن هست است باشد وجود امکان امکان_پذیر ممکن قابل مجاز اجازه مقدور پذیر پذیرفته قبول شدنی کردن دادن داشتن گرفتن انجام صورت نمودن
باید لازم خواهد خواستن فعال موجود برقرار میسر نیاز آزاد بلامانع روشن بتوانید
can could may might will would shall should able possible allow permit accept eligible do does did be been being have has get got must need active available enabled provided ready is are was were permissible
"""

#: words that say no by themselves; sign is turned
NEGATIVE = """
غیرمجاز غیرفعال ناموجود ممنوع غیرممکن غیرقابل ناممکن بدون فاقد غیر نباید نیست ممنوعه ممنوعیت غیرقانونی
unavailable inactive disabled disallow prohibit forbid not no never cannot without unable impossible forbidden prohibited disallowed ineligible خاموش neither nor none denied refuse refused
"""

#: a word that says the opposite of another: other = the word it denies
OPPOSITES = """
نامعتبر=معتبر اختیاری=الزامی ناقص=کامل
invalid=valid unsupported=supported optional=required
nonrefundable=refund nonreturnable=return excluded=included incompatible=compatible
unnecessary=necessary irreversible=reversible unlimited=limited
"""

#: of documents and talk: never what a statement is about
GENERIC = """
راهنما راهنمای نحوه روش چگونه چطور شرایط قوانین سیاست سوال سؤال پرسش متداول آموزش نکته توضیح جزئیات اطلاعات درباره مورد موارد موضوع مقاله صفحه بخش
کل همه هر این آن خود شما ما من او لطفا باید فقط تنها نیز هم همین همان بعد پس پیش قبل چه چند کدام کی مقدار حدود تقریبا دیگر حتما معمولا کلا الان اکنون فعلا چقدره چنده تومان تومن ریال
تمام کلیه برابر معادل یعنی سپس ابتدا انجام صورت پردازش وقت نسبت توسط طریق روی بر با طی نزد توی بابت جهت
اگر اگه چنانچه وقتی اینکه اما ولی وی همچنین قرار حال خیلی عنوان برخی حتی باعث بیش چون اینجا البته ایا جای دارای زمینه شاید مانند مثل مهم میان میزان نوع همیشه چیزی چیز
اساس اثر جمله خاطر دنبال دوباره دیگری زمانی زیاد شکل طرف طور عمل مربوط مناسب نتیجه هنوز واقع چنین کنار گفته اصلا اضافه بعضی بنابراین تعداد تمامی
تهیه درمورد ضمن شامل علاوه فوق مشخص مطرح مقابل منظور نزدیک هنگام واقعا کاملا کمی گونه موجب تاکنون متعلق مرتبط همچنان پشت جلوی مانده زودتر دیرتر کافی
guide how policy terms conditions question faq info information about details overview help page section topic article please all any every each this that these those your our my their its
his her only just also too usually normally generally now currently total equal free within up from than then since during through across among between toward onto upon so if when while per via by what which who where why there here more less least most
it we you they i us them one ones some such very can will
process complete issue apply provide offer make come include contain happen handle perform carry allow give need let keep
"""

#: English verbs that say little beside a number; Persian verbs are told by their form
VERBS = """
reach require last arrive process complete issue apply provide offer include contain happen handle perform carry
give let keep take make go come put set run become remain stay wait expect say tell know see find choose select click tap enter fill
call work help try expect ship deliver credit post land show appear bring turn hold count support lead cover involve
"""

#: a statement under it holds for something narrower, or for something else; class: words
SCOPES = """
place: تهران کرج مشهد اصفهان شیراز تبریز رشت اهواز قم کرمان یزد ارومیه زاهدان همدان کیش قشم بندرعباس شمال استان شهرستان شهرستانها روستا شهرها حومه پایتخت ایران عراق ترکیه دبی امارات آلمان اروپا آمریکا کانادا tehran mashhad isfahan shiraz tabriz karaj kish iran turkey dubai uae germany europe usa canada uk england france london berlin paris province village rural suburb capital
side: خارج بیرون داخل داخلی خارجی بین_المللی خارج_از سراسر outside inside abroad domestic international overseas foreign local nationwide elsewhere
plan: پایه برنزی نقره_ای طلایی الماس پلاس ویژه پرو حرفه_ای سازمانی استاندارد اقتصادی مبتدی ممتاز bronze silver gold platinum diamond plus premium pro professional enterprise basic standard starter vip lite advanced ultimate
who: حقیقی حقوقی عمده دانشجو دانشجویی دانش_آموز سالمند کودک بزرگسال نوجوان تازه_وارد کارآموز نماینده همکار student senior child children adult infant intern corporate individual wholesale reseller teacher contractor
role: مهمان کارمند کارکنان مدیر ادمین سرپرست کارشناس بیمار مسافر employee staff admin manager guest supervisor patient passenger resident tenant
newness: جدید تازه قدیمی قدیم نو دست_دوم کارکرده new old used refurbished second_hand current
speed: فوری اکسپرس پیشتاز سفارشی عادی معمولی همان_روز سریع شبانه express same-day same_day overnight next-day next_day economy priority regular urgent fast
payment: کارت کیف_پول نقدی نقد قسطی اقساط چک شبا پایا ساتنا درگاه کارت_هدیه کارت_خوان اعتباری card wallet cash instalment iban paypal credit debit crypto bank_transfer gift_card cheque
state: معیوب سالم خراب باز بسته پلمب آسیب_دیده اشتباه ناقص اصل تقلبی تمیز کثیف faulty defective damaged wrong opened sealed unopened intact broken incomplete genuine fake unused unsealed unworn worn
goods: دیجیتال خوراکی پوشاک لباس کفش آرایشی بهداشتی کتاب طلا حجیم گوشی موبایل لپ_تاپ تبلت تلویزیون یخچال هدفون ساعت_هوشمند مودم لوازم نرم_افزار سخت_افزار digital food clothing clothes shoes cosmetics book gold bulky phone laptop tablet tv fridge headphone electronics furniture software hardware perishable jewelry watch
order_of: اول دوم سوم چهارم پنجم نخست بعدی اولین دومین سومین نخستین first second third fourth fifth next initial subsequent
season: رمضان نوروز تابستان زمستان پاییز بهار یلدا جمعه_سیاه محرم تعطیلات تعطیل ramadan nowruz christmas summer winter autumn spring weekend weekends holiday holidays
part_of_day: صبح عصر شب ظهر morning evening night afternoon noon
weekday: شنبه یکشنبه دوشنبه سه_شنبه چهارشنبه پنجشنبه جمعه saturday sunday monday tuesday wednesday thursday friday weekday weekdays
platform: اندروید آیفون آی_او_اس ویندوز لینوکس مک وب تلفنی حضوری آنلاین چت android ios iphone windows linux mac macos web online offline desktop chat in-person whatsapp telegram تلگرام واتساپ بله ایتا
way: واریز برداشت ورود خروج ارسال برگشت خرید فروش افزودن حذف تعویض تعمیر لغو ثبت deposit withdrawal check-in check-out checkin checkout buying selling import export incoming outgoing arrival departure upload download cancel cancellation
switch: فعالسازی فعال_کردن غیرفعالسازی غیرفعال_کردن قفل باز_کردن activate activation deactivate deactivation enable disable lock unlock
phase: شروع آغاز پایان خاتمه start begin end finish
stage: قبل_از پیش_از بعد_از پس_از before after during
except: غیر به_جز بجز به_غیر مگر except excluding unless other_than
alternative: دیگر سایر بقیه other others another remaining rest
"""
